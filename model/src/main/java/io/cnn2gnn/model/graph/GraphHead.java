package io.cnn2gnn.model.graph;

/**
 * The differentiable sparse graph head of CNN2GNN, as TorchScript source.
 *
 * <p>Node i chooses its s nearest candidates by squared Euclidean distance between L2-normalised
 * projections and weighs them by the closed form (H) of the paper:
 *
 * <pre>  p_ij = (d_i(s+1) - d_ij)_+ / sum_{l=1..s} (d_i(s+1) - d_i(l))</pre>
 *
 * so a row has at most s non-zeros and sums to one. The chosen indices are constants; the gradient
 * flows through the chosen distances and the threshold d_(s+1). The node itself is no candidate
 * ({@link Ranking} has the exception); it enters as a self loop when messages are passed.
 *
 * <p>Edge cases: where the s nearest are no nearer than the threshold (within {@code 1e-6 (1 + s
 * d_(s+1))}; a smaller bound vanishes in float32) the row is uniform over the s such candidates of
 * lowest index, without gradient. With m &lt;= s candidates the graph uses s = m - 1, with a single
 * one that one has weight 1, and with none the row is empty.
 *
 * <p>Candidates are numbered 0..b-1 for the batch and b.. for the bank, whichever of them are in
 * use.
 */
public final class GraphHead {
  /**
   * Candidates from which on groups of them are compared first. Their closeness lies with a row for
   * each candidate: a group's members are a whole number of rows apart, and the greatest of each
   * group is that of {@link #GROUP} slabs of memory, from first to last.
   */
  private static final int LARGE = 4096;

  private static final int GROUP = 64;

  private GraphHead() {}

  /**
   * Methods for a {@link io.cnn2gnn.model.torch.ScriptModule}:
   *
   * <ul>
   *   <li>{@code weigh(own [b, n], bank [b, r], m)}: closeness of b nodes to n + r columns, m of
   *       which are candidates (the others beyond any distance) -> index [b, k] int64 and weight
   *       [b, k], nearest first.
   *   <li>{@code neighbours(v [b, q], bank [m, q], same [b, m] bool)}: rows of unit length -> the
   *       same. {@code same} tells which bank rows are the node's own image and no candidates; [0,
   *       0] for none.
   *   <li>{@code propagate(index, weight, own [b, h], bank [m, h], mix)}: row i becomes {@code (1 -
   *       mix) own_i + mix sum_j p_ij message_j}; an empty row keeps its own message, and mix 0
   *       drops the graph (A = I).
   *   <li>{@code told(index, weight, own [b] int64, bank [m] int64, table [classes + 1, h])}: row i
   *       is {@code sum_j p_ij table_label(j)}, label 0 for unknown; a node never hears its own.
   * </ul>
   *
   * @param s neighbours per node, at least 1
   */
  public static String source(Ranking ranking, int s, Candidates candidates) {
    if (s < 1) {
      throw new IllegalArgumentException("s, the number of neighbours, must be at least 1: " + s);
    }
    // A node in its own ranking is one candidate more.
    String others = ranking.withSelf() ? "torch.size(v, 0)" : "torch.sub(torch.size(v, 0), 1)";
    String neighbours =
        switch (candidates) {
          case BATCH -> BATCH;
          case BANK -> ranking.withSelf() ? BANK_AND_SELF : BANK;
          case BOTH -> BOTH;
        };
    return (WEIGH.replace("{S}", Integer.toString(s)).replace("{GROUP}", Integer.toString(GROUP))
            + (ranking == Ranking.RANDOM ? HASH : DISTANCE)
            + AMONG.replace("{OWN}", ranking.withSelf() ? "1." : "-1.0e+30")
            + neighbours.replace("{OTHERS}", others)
            + PROPAGATE
            + TOLD)
        .replace("{LARGE}", Integer.toString(LARGE))
        .indent(2);
  }

  private static final String WEIGH =
      """
      def most(self: Self, c: Tensor, n: int) -> Tuple[Tensor, Tensor]:
        m = torch.size(c, 1)
        if torch.gt(n, m):
          top, i = torch.topk(c, m, 1, True, True)
        else:
          if torch.lt(m, {LARGE}):
            top, i = torch.topk(c, n, 1, True, True)
          else:
            b = torch.size(c, 0)
            g = torch.floordiv(m, {GROUP})
            whole = torch.mul(g, {GROUP})
            groups = torch.reshape(torch.slice(torch.t(c), 0, 0, whole), [{GROUP}, g, b])
            peak, at = torch.topk(torch.t(torch.amax(groups, [0])), n, 1, True, False)
            step = torch.sub(torch.cumsum(torch.new_ones(at, [{GROUP}]), 0), 1)
            place = torch.add(torch.unsqueeze(at, 2), torch.mul(step, g))
            place = torch.reshape(place, [b, torch.mul(n, {GROUP})])
            rest = torch.cumsum(torch.new_ones(at, [b, torch.sub(m, whole)]), 1)
            place = torch.cat([place, torch.add(rest, torch.sub(whole, 1))], 1)
            top, j = torch.topk(torch.gather(c, 1, place), n, 1, True, True)
            i = torch.gather(place, 1, j)
        return (top, i)
      def best(self: Self, own: Tensor, bank: Tensor, n: int) -> Tuple[Tensor, Tensor]:
        mates, i = (self).most(own, n)
        rows, j = (self).most(bank, n)
        top, at = torch.topk(torch.cat([mates, rows], 1), n, 1, True, True)
        return (top, torch.gather(torch.cat([i, torch.add(j, torch.size(own, 1))], 1), 1, at))
      def weigh(self: Self, own: Tensor, bank: Tensor, m: int) -> Tuple[Tensor, Tensor]:
        b = torch.size(own, 0)
        k = {S}
        if torch.ge(k, m):
          k = torch.sub(m, 1)
        else:
          pass
        if torch.lt(m, 1):
          i = torch.new_zeros(own, [b, 1], dtype=4)
          p = torch.new_zeros(own, [b, 1])
        else:
          if torch.lt(k, 1):
            top, i = (self).best(own, bank, 1)
            p = torch.new_ones(own, [b, 1])
          else:
            top, j = (self).best(own, bank, torch.add(k, 1))
            t = (self).distance(top)
            far = torch.slice(t, 1, k, torch.add(k, 1))
            gap = torch.sub(far, torch.slice(t, 1, 0, k))
            total = torch.sum(gap, [1], True)
            flat = torch.le(total, torch.mul(torch.add(torch.mul(far, k), 1.), 1.0e-06))
            safe = torch.where(flat, torch.ones_like(total), total)
            even = torch.full_like(gap, torch.div(1, k))
            p = torch.where(flat, even, torch.div(gap, safe))
            i = torch.slice(j, 1, 0, k)
            if bool(torch.any(flat)):
              d = (self).distance(torch.cat([own, bank], 1))
              n = torch.size(d, 1)
              order = torch.sub(torch.cumsum(torch.ones_like(d, dtype=4), 1), 1)
              near = torch.where(torch.le(d, far), order, torch.full_like(order, n))
              first, place = torch.topk(near, k, 1, False, True)
              i = torch.where(flat, first, i)
            else:
              pass
        return (i, p)
      """;

  /**
   * The inner product, from which the squared distance of unit vectors follows: of thousands of
   * candidates only the few that are chosen ever have theirs worked out.
   */
  private static final String DISTANCE =
      """
      def closeness(self: Self, v: Tensor, c: Tensor) -> Tensor:
        if torch.lt(torch.size(c, 0), {LARGE}):
          near = torch.matmul(v, torch.t(c))
        else:
          near = torch.t(torch.matmul(c, torch.t(v)))
        return near
      def distance(self: Self, closeness: Tensor) -> Tensor:
        return torch.clamp_min(torch.rsub(closeness, 2., 2), 0.)
      """;

  /**
   * A hash of both vectors, rounded so that it does not hang on their last bits: fixed for a pair
   * and unrelated to its distance.
   */
  private static final String HASH =
      """
      def hash(self: Self, v: Tensor) -> Tensor:
        r = torch.round(torch.mul(v, 8.))
        return torch.sum(torch.mul(r, torch.cumsum(torch.ones_like(r), 1)), [1], True)
      def closeness(self: Self, v: Tensor, c: Tensor) -> Tensor:
        a = torch.mul((self).hash(v), 0.6180339)
        b = torch.mul(torch.t((self).hash(c)), 0.7548776)
        return torch.neg(torch.detach(torch.abs(torch.frac(torch.add(a, b)))))
      def distance(self: Self, closeness: Tensor) -> Tensor:
        return torch.neg(closeness)
      """;

  private static final String AMONG =
      """
      def among(self: Self, v: Tensor) -> Tensor:
        own = torch.gt(torch.diag(torch.new_ones(v, [torch.size(v, 0)])), 0.5)
        return torch.masked_fill((self).closeness(v, v), own, {OWN})
      def banked(self: Self, v: Tensor, bank: Tensor, same: Tensor) -> Tensor:
        c = (self).closeness(v, bank)
        if torch.gt(torch.size(same, 0), 0):
          c = torch.masked_fill(c, same, -1.0e+30)
        else:
          pass
        return c
      """;

  private static final String BATCH =
      """
      def neighbours(self: Self, v: Tensor, bank: Tensor, same: Tensor) -> Tuple[Tensor, Tensor]:
        return (self).weigh((self).among(v), torch.new_zeros(v, [torch.size(v, 0), 0]), {OTHERS})
      """;

  private static final String BANK =
      """
      def neighbours(self: Self, v: Tensor, bank: Tensor, same: Tensor) -> Tuple[Tensor, Tensor]:
        b = torch.size(v, 0)
        none = torch.new_zeros(v, [b, 0])
        i, p = (self).weigh(none, (self).banked(v, bank, same), torch.size(bank, 0))
        return (torch.add(i, b), p)
      """;

  private static final String BANK_AND_SELF =
      """
      def neighbours(self: Self, v: Tensor, bank: Tensor, same: Tensor) -> Tuple[Tensor, Tensor]:
        b = torch.size(v, 0)
        others = torch.lt(torch.diag(torch.new_ones(v, [b])), 0.5)
        own = torch.masked_fill(torch.new_ones(v, [b, b]), others, -1.0e+30)
        return (self).weigh(own, (self).banked(v, bank, same), torch.add(torch.size(bank, 0), 1))
      """;

  private static final String BOTH =
      """
      def neighbours(self: Self, v: Tensor, bank: Tensor, same: Tensor) -> Tuple[Tensor, Tensor]:
        m = torch.add({OTHERS}, torch.size(bank, 0))
        return (self).weigh((self).among(v), (self).banked(v, bank, same), m)
      """;

  private static final String PROPAGATE =
      """
      def propagate(self: Self, i: Tensor, p: Tensor, own: Tensor, bank: Tensor, mix: Tensor) -> Tensor:
        b = torch.size(own, 0)
        f = torch.flatten(i)
        if torch.eq(torch.size(bank, 0), 0):
          got = torch.index_select(own, 0, torch.clamp_max(f, torch.sub(b, 1)))
        else:
          mate = torch.index_select(own, 0, torch.clamp_max(f, torch.sub(b, 1)))
          row = torch.index_select(bank, 0, torch.clamp_min(torch.sub(f, b), 0))
          got = torch.where(torch.unsqueeze(torch.lt(f, b), 1), mate, row)
        got = torch.view(got, [b, torch.size(i, 1), torch.size(own, 1)])
        agreed = torch.squeeze(torch.bmm(torch.unsqueeze(p, 1), got), 1)
        keep = torch.rsub(torch.mul(torch.sum(p, [1], True), mix), 1., 1)
        return torch.add(torch.mul(own, keep), torch.mul(agreed, mix))
      """;

  private static final String TOLD =
      """
      def told(self: Self, i: Tensor, p: Tensor, own: Tensor, bank: Tensor, table: Tensor) -> Tensor:
        b = torch.size(own, 0)
        all = torch.cat([own, bank])
        f = torch.clamp_max(torch.flatten(i), torch.sub(torch.size(all, 0), 1))
        label = torch.index_select(all, 0, f)
        self_ = torch.unsqueeze(torch.sub(torch.cumsum(torch.ones_like(own), 0), 1), 1)
        label = torch.masked_fill(torch.view(label, [b, torch.size(i, 1)]), torch.eq(i, self_), 0)
        got = torch.index_select(table, 0, torch.flatten(label))
        got = torch.view(got, [b, torch.size(i, 1), torch.size(table, 1)])
        return torch.squeeze(torch.bmm(torch.unsqueeze(p, 1), got), 1)
      """;
}
