package io.cnn2gnn.model.net;

import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.graph.GraphHead;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.torch.ScriptModule;
import io.cnn2gnn.model.torch.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * The two-layer GNN student as TorchScript: stem -> pooled x -> v = Wp x / |Wp x| -> graph P over
 * batch and bank -> logits.
 *
 * <pre>
 *   m1_i = x_i W1        h_i = relu((1 - a1) m1_i + a1 sum_j p_ij (m1_j + Y_label(j)) + b1)
 *   m2_i = h_i W2   logits_i =      (1 - a2) m2_i + a2 sum_j p_ij m2_j + b2
 * </pre>
 *
 * The shares a1 and a2 of the neighbourhood are learned, each the logistic function of a gate. Y is
 * the feature that a neighbour's known label adds, if the shape has one; an image never sees its
 * own.
 *
 * <p>An image's <em>row</em> is (v, m1, m2): all that others need to have it as a neighbour, so no
 * neighbour is ever recomputed (the historical embeddings of GNNAutoScale, arXiv 2106.05609).
 *
 * <p>Both scripts take images as uint8 [b, height, width, channels], a bank as float32 [m,
 * rowLength], labels as int64, class + 1 or 0 for unknown, of both, and {@code keep}, a scalar by
 * which a1 and a2 are multiplied: 0 drops the graph.
 */
public final class Student {
  private Student() {}

  /** Freshly initialised tensors, by name. */
  public static Map<String, Tensor> initial(StudentSpec spec, long seed) {
    Random random = new Random(seed);
    Map<String, Tensor> t = new LinkedHashMap<>();
    stem(spec).forEach(conv -> Layers.conv(t, random, conv));
    int in = spec.features();
    t.put("projection", Layers.linear(random, in, spec.projection()));
    t.put("w1", Layers.linear(random, in, spec.hidden()));
    t.put("b1", Tensor.filled(0, spec.hidden()));
    t.put("w2", Layers.linear(random, spec.hidden(), spec.classes()));
    t.put("b2", Tensor.filled(0, spec.classes()));
    // With itself in the ranking a node has no other self loop, so nothing is left to mix.
    if (spec.ranking() != Ranking.LEARNED_WITH_SELF) {
      float gate = (float) Math.log(spec.mix() / (1 - spec.mix()));
      t.put("gate1", Tensor.filled(gate, 1));
      t.put("gate2", Tensor.filled(gate, 1));
    }
    if (spec.labels()) {
      t.put("labels", Tensor.filled(0, spec.classes() + 1, spec.hidden()));
    }
    return t;
  }

  /**
   * Checks that tensors are those of a student of this shape.
   *
   * @throws IllegalArgumentException naming a tensor that is missing, superfluous or misshapen
   */
  public static void check(StudentSpec spec, Map<String, Tensor> tensors) {
    Map<String, long[]> expected = shapes(spec);
    if (!expected.keySet().equals(tensors.keySet())) {
      throw new IllegalArgumentException(
          "tensors " + tensors.keySet() + " are not " + expected.keySet());
    }
    expected.forEach(
        (name, shape) -> {
          if (!Arrays.equals(shape, tensors.get(name).shape())) {
            throw new IllegalArgumentException(
                "tensor %s: %s, expected shape %s"
                    .formatted(name, tensors.get(name), Arrays.toString(shape)));
          }
        });
  }

  /**
   * Shapes by name, those of {@link #initial}. Computed, because a stranger's card may claim
   * gigabytes before its tensors are seen not to match.
   */
  private static Map<String, long[]> shapes(StudentSpec spec) {
    Map<String, long[]> t = new LinkedHashMap<>();
    stem(spec).forEach(conv -> Layers.convShapes(t, conv));
    t.put("projection", new long[] {spec.features(), spec.projection()});
    t.put("w1", new long[] {spec.features(), spec.hidden()});
    t.put("b1", new long[] {spec.hidden()});
    t.put("w2", new long[] {spec.hidden(), spec.classes()});
    t.put("b2", new long[] {spec.classes()});
    if (spec.ranking() != Ranking.LEARNED_WITH_SELF) {
      t.put("gate1", new long[] {1});
      t.put("gate2", new long[] {1});
    }
    if (spec.labels()) {
      t.put("labels", new long[] {spec.classes() + 1, spec.hidden()});
    }
    return t;
  }

  /**
   * The form for training: {@code forward(images, ids [b] int64, known [b], bank, bankIds [m]
   * int64, bankKnown [m], keep, labels [b] int64 or -1, teacher [b, classes], lambda, temperature,
   * metric)} -> (loss, logits, rows without gradient). The loss is {@link Distillation} plus {@code
   * metric} times that of {@link Neighbourhood}, where the head learns. A bank row whose id is an
   * image's own is no candidate for it. lambda, temperature and metric are scalars.
   */
  public static ScriptModule training(StudentSpec spec, Map<String, Tensor> tensors) {
    ScriptModule script = new ScriptModule();
    Layers.normalisation(script, spec.input());
    Layers.define(script, tensors, isFixed(spec) ? Set.of("projection") : Set.of());
    return script
        .methods(GraphHead.source(spec.ranking(), spec.neighbours(), Candidates.BOTH))
        .methods(Distillation.source())
        .methods(Neighbourhood.source())
        .methods(embed(spec, false) + answer(spec))
        .methods(
            TRAIN
                .replace("{METRIC}", isFixed(spec) || spec.keep() == 0 ? "" : METRIC)
                .replace("{Q}", Integer.toString(spec.projection()))
                .indent(2));
  }

  /**
   * The form for serving, batch norm folded: {@code forward(images, known [b], bank, bankKnown [m],
   * keep)} -> (logits [b, classes], rows [b, rowLength], index [b, k] int64, weight [b, k]), where
   * an index below b names a batch mate and b + r the bank's row r. {@code serve(images, known,
   * metrics, bank, bankKnown, keep)} is the same for who has the bank's metric vectors [m,
   * projection] by themselves. {@code stem(images)} -> (x, v), {@code graph(v, metrics)} -> (index,
   * weight) and {@code layers(x, v, index, weight, known, bank, bankKnown, keep)} -> (logits, rows)
   * are its parts.
   */
  public static ScriptModule serving(
      StudentSpec spec, Map<String, Tensor> tensors, Candidates candidates) {
    ScriptModule script = new ScriptModule();
    Layers.normalisation(script, spec.input());
    for (Conv conv : stem(spec)) {
      Layers.fold(tensors, conv.name()).forEach(script::parameter);
    }
    tensors.forEach(
        (name, tensor) -> {
          if (!name.startsWith("conv")) {
            script.parameter(name, tensor);
          }
        });
    return script
        .methods(GraphHead.source(spec.ranking(), spec.neighbours(), candidates))
        .methods(embed(spec, true) + answer(spec))
        .methods(SERVE.replace("{Q}", Integer.toString(spec.projection())).indent(2));
  }

  /** Rankings through which no gradient can reach the projection. */
  private static boolean isFixed(StudentSpec spec) {
    return spec.ranking() == Ranking.FROZEN || spec.ranking() == Ranking.RANDOM;
  }

  private static List<Conv> stem(StudentSpec spec) {
    List<Conv> stem = new ArrayList<>();
    int in = spec.input().channels();
    for (int i = 0; i < spec.widths().size(); i++) {
      int out = spec.widths().get(i);
      int stride = spec.strides().get(i);
      // A kernel narrower than twice its stride would hardly look at some pixels.
      stem.add(new Conv("conv" + i, in, out, Math.max(3, 2 * stride - 1), stride));
      in = out;
    }
    return stem;
  }

  /**
   * The stem; a convolution that keeps the shape of its input is added to it. In serving a lone
   * image goes through it beside its twin: libtorch gives the convolutions of one small image to
   * NNPACK instead of oneDNN, and says so on standard error with each of them where the processor
   * has no NNPACK. Two images take as long as one.
   */
  private static String embed(StudentSpec spec, boolean folded) {
    StringBuilder body = new StringBuilder(Layers.normalise());
    if (folded) {
      body.append(TWIN);
    }
    for (Conv conv : stem(spec)) {
      String y = Layers.normed(conv, folded, "x");
      boolean residual = conv.in() == conv.out() && conv.stride() == 1;
      body.append("x = torch.relu(").append(residual ? "torch.add(" + y + ", x)" : y).append(")\n");
    }
    body.append(
        "x = torch.flatten(torch.adaptive_avg_pool2d(x, [%d, %d]), 1)\n"
            .formatted(spec.pool(), spec.pool()));
    body.append(folded ? "return torch.slice(x, 0, 0, torch.size(images, 0))\n" : "return x\n");
    return "  def embed(self: Self, images: Tensor) -> Tensor:\n" + body.toString().indent(4);
  }

  private static final String TWIN =
      """
      if torch.eq(torch.size(images, 0), 1):
        x = torch.cat([x, x])
      else:
        x = x
      """;

  private static String answer(StudentSpec spec) {
    int q = spec.projection();
    int h = q + spec.hidden();
    boolean gated = spec.ranking() != Ranking.LEARNED_WITH_SELF;
    return ANSWER
        .replace("{U}", spec.ranking() == Ranking.FROZEN ? "torch.detach(u)" : "u")
        .replace("{A1}", gated ? "torch.mul(torch.sigmoid(self.gate1), keep)" : "keep")
        .replace("{A2}", gated ? "torch.mul(torch.sigmoid(self.gate2), keep)" : "keep")
        .replace("{TOLD}", spec.labels() ? TOLD : "")
        .replace("{Q}", Integer.toString(q))
        .replace("{H}", Integer.toString(h))
        .replace("{R}", Integer.toString(spec.rowLength()))
        .indent(2);
  }

  private static final String ANSWER =
      """
      def project(self: Self, x: Tensor) -> Tensor:
        u = torch.matmul(x, self.projection)
        return torch.div({U}, torch.clamp_min(torch.norm({U}, 2, [1], True), 1.0e-12))
      def layers(self: Self, x: Tensor, v: Tensor, i: Tensor, p: Tensor, known: Tensor, bank: Tensor, bank_known: Tensor, keep: Tensor) -> Tuple[Tensor, Tensor]:
        m1 = torch.matmul(x, self.w1)
        a1 = {A1}
        n1 = (self).propagate(i, p, m1, torch.slice(bank, 1, {Q}, {H}), a1)
      {TOLD}  m2 = torch.matmul(torch.relu(torch.add(n1, self.b1)), self.w2)
        n2 = (self).propagate(i, p, m2, torch.slice(bank, 1, {H}, {R}), {A2})
        return (torch.add(n2, self.b2), torch.detach(torch.cat([v, m1, m2], 1)))
      def answer(self: Self, x: Tensor, known: Tensor, metrics: Tensor, bank: Tensor, bank_known: Tensor, same: Tensor, keep: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        v = (self).project(x)
        i, p = (self).neighbours(v, metrics, same)
        logits, rows = (self).layers(x, v, i, p, known, bank, bank_known, keep)
        return (logits, v, rows, i, p)
      """;

  private static final String TOLD =
      """
        n1 = torch.add(n1, torch.mul((self).told(i, p, known, bank_known, self.labels), a1))
      """;

  private static final String TRAIN =
      """
      def forward(self: Self, images: Tensor, ids: Tensor, known: Tensor, bank: Tensor, bank_ids: Tensor, bank_known: Tensor, keep: Tensor, labels: Tensor, teacher: Tensor, lam: Tensor, temperature: Tensor, metric: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
        same = torch.eq(torch.unsqueeze(ids, 1), torch.unsqueeze(bank_ids, 0))
        x = (self).embed(images)
        metrics = torch.slice(bank, 1, 0, {Q})
        logits, v, rows, i, p = (self).answer(x, known, metrics, bank, bank_known, same, keep)
        loss = (self).distil(logits, labels, teacher, lam, temperature)
      {METRIC}  return (loss, logits, rows)
      """;

  private static final String METRIC =
      """
        near = (self).neighbourhood(v, metrics, same, known, bank_known, labels)
        loss = torch.add(loss, torch.mul(near, metric))
      """;

  private static final String SERVE =
      """
      def serve(self: Self, images: Tensor, known: Tensor, metrics: Tensor, bank: Tensor, bank_known: Tensor, keep: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        x = (self).embed(images)
        none = torch.gt(torch.new_zeros(bank, [0, 0]), 0.)
        logits, v, rows, i, p = (self).answer(x, known, metrics, bank, bank_known, none, keep)
        return (logits, rows, i, p)
      def forward(self: Self, images: Tensor, known: Tensor, bank: Tensor, bank_known: Tensor, keep: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
        return (self).serve(images, known, torch.slice(bank, 1, 0, {Q}), bank, bank_known, keep)
      def stem(self: Self, images: Tensor) -> Tuple[Tensor, Tensor]:
        x = (self).embed(images)
        return (x, (self).project(x))
      def graph(self: Self, v: Tensor, metrics: Tensor) -> Tuple[Tensor, Tensor]:
        none = torch.gt(torch.new_zeros(v, [0, 0]), 0.)
        return (self).neighbours(v, metrics, none)
      """;

  /** What each layer learned to give to the neighbourhood: {@code share1} and {@code share2}. */
  public static Map<String, Double> shares(Map<String, Tensor> tensors) {
    Map<String, Double> shares = new LinkedHashMap<>();
    for (int layer = 1; layer <= 2; layer++) {
      Tensor gate = tensors.get("gate" + layer);
      if (gate != null) {
        shares.put("share" + layer, 1 / (1 + Math.exp(-gate.data()[0])));
      }
    }
    return shares;
  }

  /**
   * Multiply-accumulates for one image: stem, projection, both layers and its s neighbours; the
   * search of a bank of m rows costs m times the projection's width more.
   */
  public static long macs(StudentSpec spec) {
    int height = spec.input().height();
    int width = spec.input().width();
    long macs = 0;
    for (Conv conv : stem(spec)) {
      height = conv.extent(height);
      width = conv.extent(width);
      macs += conv.macs(height, width);
    }
    long layers = (long) spec.features() * (spec.projection() + spec.hidden());
    long messages = (long) spec.neighbours() * (spec.hidden() + spec.classes());
    return macs + layers + (long) spec.hidden() * spec.classes() + messages;
  }
}
