# The control that ranks at random: a hash of both vectors, which knows nothing of what they mean. It
# is fixed for a pair, and rounded so that it does not hang on their last bits.
def hash(self, v: Tensor) -> Tensor:
    r = torch.round(v * 8.)
    return (r * torch.cumsum(torch.ones_like(r), 1)).sum([1], True)


def closeness(self, v: Tensor, c: Tensor) -> Tensor:
    a = self.hash(v) * 0.6180339
    b = self.hash(c).t() * 0.7548776
    return -torch.frac(a + b).abs().detach()


def distance(self, closeness: Tensor) -> Tensor:
    return -closeness
