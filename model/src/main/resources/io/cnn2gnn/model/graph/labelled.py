# Of the labelled rows [m, q] the few nearest to each v [b, q], all of length one -> index [b, n] int64
# and squared distance [b, n], nearest first. Where own [b] and sources [m] are not empty, a row of
# another source lies beyond any distance.
def labelled(self, v: Tensor, rows: Tensor, own: Tensor, sources: Tensor) -> Tuple[Tensor, Tensor]:
    if rows.size(0) < LARGE:
        c = torch.matmul(v, rows.t())
    else:
        c = torch.matmul(rows, v.t()).t()
    if sources.size(0) > 0:
        c = c.masked_fill(own.unsqueeze(1) != sources.unsqueeze(0), -1.0e+30)
    top, i = self.most(c, FEW)
    return i, torch.rsub(top, 2., 2).clamp_min(0.)
