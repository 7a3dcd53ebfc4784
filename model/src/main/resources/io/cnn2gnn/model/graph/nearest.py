# The n greatest of each row of c [b, m], greatest first -> values and columns. Of LARGE columns and
# more, groups of GROUP are compared first: the members of a group lie a whole number of rows of the
# transposed matrix apart, so the greatest of each is that of GROUP slabs of memory, first to last.
def most(self, c: Tensor, n: int) -> Tuple[Tensor, Tensor]:
    m = c.size(1)
    if n > m:
        top, i = torch.topk(c, m, 1, True, True)
    elif m < LARGE:
        top, i = torch.topk(c, n, 1, True, True)
    else:
        b = c.size(0)
        g = m // GROUP
        whole = g * GROUP
        groups = c.t().narrow(0, 0, whole).reshape([GROUP, g, b])
        # The n greatest lie in the n groups with the greatest peaks.
        peak, at = torch.topk(torch.amax(groups, [0]).t(), n, 1, True, False)
        members = at.unsqueeze(2) + torch.arange(GROUP, device=c.device) * g
        rest = torch.arange(whole, m, device=c.device).expand([b, m - whole])
        place = torch.cat([members.reshape([b, n * GROUP]), rest], 1)
        top, j = torch.topk(torch.gather(c, 1, place), n, 1, True, True)
        i = torch.gather(place, 1, j)
    return top, i


# The n greatest of two matrices side by side, without joining them; all where they are fewer.
def best(self, own: Tensor, bank: Tensor, n: int) -> Tuple[Tensor, Tensor]:
    mates, i = self.most(own, n)
    rows, j = self.most(bank, n)
    both = torch.cat([mates, rows], 1)
    few = n
    if few > both.size(1):
        few = both.size(1)
    top, at = torch.topk(both, few, 1, True, True)
    return top, torch.gather(torch.cat([i, j + own.size(1)], 1), 1, at)
