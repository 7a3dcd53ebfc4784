# Vectors of length one: |v - c|^2 = 2 - 2 <v, c>. Of thousands of candidates only the few that are
# chosen ever have their distance worked out. Of LARGE and more, the transposed matrix is computed,
# as the search for the nearest reads it.
def closeness(self, v: Tensor, c: Tensor) -> Tensor:
    if c.size(0) < LARGE:
        near = torch.matmul(v, c.t())
    else:
        near = torch.matmul(c, v.t()).t()
    return near


def distance(self, closeness: Tensor) -> Tensor:
    return torch.rsub(closeness, 2., 2).clamp_min(0.)
