# Formula (H) of the paper: the s nearest of m candidates, weighed by how much nearer they are than
# the one behind them,
#   p_ij = (d_i(s+1) - d_ij)_+ / sum_{l=1..s} (d_i(s+1) - d_i(l))
# own [b, n] and bank [b, r] are the closeness of b nodes to n + r columns, m of which are candidates
# (the others lie beyond any distance) -> index [b, k] int64 and weight [b, k], nearest first. Indices
# are constants; the gradient flows through the chosen distances and the threshold d_(s+1).
def weigh(self, own: Tensor, bank: Tensor, m: int) -> Tuple[Tensor, Tensor]:
    b = own.size(0)
    k = NEIGHBOURS
    if k >= m:
        k = m - 1
    if m < 1:
        # No candidate: an empty row.
        i = own.new_zeros([b, 1], dtype=INT64)
        p = own.new_zeros([b, 1])
    elif k < 1:
        # A single one has all the weight.
        top, i = self.best(own, bank, 1)
        p = own.new_ones([b, 1])
    else:
        top, j = self.best(own, bank, k + 1)
        d = self.distance(top)
        threshold = d.narrow(1, k, 1)
        gap = threshold - d.narrow(1, 0, k)
        total = gap.sum([1], True)
        # Where none is nearer than the threshold, within what float32 can tell, all weigh the same.
        flat = total <= (threshold * k + 1.) * 1.0e-06
        safe = torch.where(flat, torch.ones_like(total), total)
        p = torch.where(flat, torch.full_like(gap, 1 / k), gap / safe)
        i = j.narrow(1, 0, k)
        if torch.any(flat):
            # Among equals those of lowest index, whatever order they were found in.
            every = self.distance(torch.cat([own, bank], 1))
            n = every.size(1)
            near = torch.where(every <= threshold, torch.arange(n, device=own.device), n)
            first, place = torch.topk(near, k, 1, False, True)
            i = torch.where(flat, first, i)
    return i, p
