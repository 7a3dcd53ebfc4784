# Response-based distillation (Hinton, Vinyals and Dean, arXiv 1503.02531):
#   L = (1 - lambda) CE(y, z_S) + lambda T^2 KL(softmax(z_T / T) || softmax(z_S / T))
# summed over classes, averaged over the batch; T^2 keeps the two gradients on one scale. An image
# without a label (-1) has the second term alone, with weight one.
def distil(self, logits: Tensor, labels: Tensor, teacher: Tensor, lam: Tensor,
           temperature: Tensor) -> Tensor:
    hard = torch.cross_entropy_loss(logits, labels.clamp_min(0), None, 0, -100, 0.)
    q = torch.log_softmax(logits / temperature, 1)
    p = torch.softmax(teacher / temperature, 1)
    soft = torch.kl_div(q, p, 0).sum([1]) * (temperature * temperature)
    weight = (torch.ones_like(hard) * lam).masked_fill(labels < 0, 1.)
    return (hard * torch.rsub(weight, 1.) + soft * weight).mean()
