package io.cnn2gnn.model.net;

/**
 * The loss of response-based distillation, as TorchScript source:
 *
 * <pre>  (1 - lambda) CE(y, z_S) + lambda T^2 KL(softmax(z_T / T) || softmax(z_S / T))</pre>
 *
 * summed over classes and averaged over the batch; an image without a label (-1) has the second
 * term alone, with weight one (Hinton, Vinyals and Dean, arXiv 1503.02531; the factor T^2 keeps the
 * two gradients on one scale).
 */
final class Distillation {
  private Distillation() {}

  /** Method {@code distil(logits, labels int64, teacher, lambda, temperature)} -> scalar. */
  static String source() {
    return """
    def distil(self: Self, logits: Tensor, labels: Tensor, teacher: Tensor, lam: Tensor, temperature: Tensor) -> Tensor:
      hard = torch.cross_entropy_loss(logits, torch.clamp_min(labels, 0), None, 0, -100, 0.)
      q = torch.log_softmax(torch.div(logits, temperature), 1)
      p = torch.softmax(torch.div(teacher, temperature), 1)
      soft = torch.sum(torch.kl_div(q, p, 0), [1])
      soft = torch.mul(soft, torch.mul(temperature, temperature))
      weight = torch.masked_fill(torch.mul(torch.ones_like(hard), lam), torch.lt(labels, 0), 1.)
      blend = torch.add(torch.mul(hard, torch.rsub(weight, 1., 1)), torch.mul(soft, weight))
      return torch.mean(blend)
    """
        .indent(2);
  }
}
