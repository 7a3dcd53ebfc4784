# x [b, features] -> v = u / |u|, u = x Wp: the metric vector [b, q], of length one.
def project(self, x: Tensor) -> Tensor:
    u = torch.matmul(x, self.projection)
    if FROZEN:
        u = u.detach()
    return u / torch.norm(u, 2, [1], True).clamp_min(1.0e-12)
