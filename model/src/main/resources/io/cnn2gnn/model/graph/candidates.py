# Closeness to the batch mates; a node is as good as no mate of itself, unless it is in its own
# ranking: then it is as near as anything can be.
def among(self, v: Tensor) -> Tensor:
    own = torch.diag(v.new_ones([v.size(0)])) > 0.5
    return self.closeness(v, v).masked_fill(own, 1. if WITH_SELF else -1.0e+30)


# Closeness to the bank's rows. same [b, m] tells which are the node's own image and no candidates;
# [0, 0] for none.
def banked(self, v: Tensor, bank: Tensor, same: Tensor) -> Tensor:
    c = self.closeness(v, bank)
    if same.size(0) > 0:
        c = c.masked_fill(same, -1.0e+30)
    return c


# v [b, q] and bank [m, q], rows of length one -> index [b, k] and weight [b, k]. Candidates are
# numbered 0..b-1 for the batch and b.. for the bank.
def neighbours(self, v: Tensor, bank: Tensor, same: Tensor) -> Tuple[Tensor, Tensor]:
    b = v.size(0)
    if BATCH_ALONE:
        i, p = self.weigh(self.among(v), v.new_zeros([b, 0]), b if WITH_SELF else b - 1)
    elif BOTH:
        m = (b if WITH_SELF else b - 1) + bank.size(0)
        i, p = self.weigh(self.among(v), self.banked(v, bank, same), m)
    elif WITH_SELF:
        others = torch.diag(v.new_ones([b])) < 0.5
        own = v.new_ones([b, b]).masked_fill(others, -1.0e+30)
        i, p = self.weigh(own, self.banked(v, bank, same), bank.size(0) + 1)
    else:
        i, p = self.weigh(v.new_zeros([b, 0]), self.banked(v, bank, same), bank.size(0))
        i = i + b
    return i, p
