package io.cnn2gnn.model.net;

/**
 * The loss that teaches the metric which images belong together, as TorchScript source: the
 * negative log of the share that an image's own class has among its candidates, each weighed by
 *
 * <pre>  softmax_j(-d_ij / 0.1)</pre>
 *
 * over batch and bank (neighbourhood components analysis, Goldberger et al. 2004; with a memory of
 * past rows as in Wu et al., arXiv 1808.04699). Formula (H) gives a gradient to the s + 1 nearest
 * only, so that a wrong neighbourhood is hard to leave; this one reaches every candidate.
 */
final class Neighbourhood {
  private Neighbourhood() {}

  /**
   * Method {@code neighbourhood(v, bank, same, known, bankKnown, labels)} -> scalar, the mean over
   * the batch; an image without a label, or whose class no candidate has, adds nothing. It uses the
   * distances of {@link io.cnn2gnn.model.graph.GraphHead}.
   */
  static String source() {
    return """
    def neighbourhood(self: Self, v: Tensor, bank: Tensor, same: Tensor, known: Tensor, bank_known: Tensor, labels: Tensor) -> Tensor:
      b = torch.size(v, 0)
      itself = torch.gt(torch.diag(torch.new_ones(v, [b])), 0.5)
      mates = torch.masked_fill((self).distance((self).closeness(v, v)), itself, 1.0e+30)
      d = torch.cat([mates, (self).distance((self).banked(v, bank, same))], 1)
      voter = torch.unsqueeze(torch.cat([known, bank_known]), 0)
      d = torch.masked_fill(d, torch.eq(voter, 0), 1.0e+30)
      share = torch.log_softmax(torch.mul(d, -10.), 1)
      own = torch.eq(voter, torch.unsqueeze(torch.add(labels, 1), 1))
      own = torch.logical_and(own, torch.lt(d, 1.0e+20))
      right = torch.logsumexp(torch.masked_fill(share, torch.logical_not(own), -1.0e+30), [1])
      valid = torch.logical_and(torch.any(own, 1), torch.ge(labels, 0))
      return torch.neg(torch.mean(torch.where(valid, right, torch.zeros_like(right))))
    """
        .indent(2);
  }
}
