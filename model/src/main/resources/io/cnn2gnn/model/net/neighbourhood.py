# Which images belong together (neighbourhood components analysis, Goldberger et al. 2004; with a
# memory of past rows as in Wu et al., arXiv 1808.04699): the mean over the batch of
#   L_i = -log sum_{j of i's class} softmax_j(-d_ij / 0.1)
# over batch mates and bank rows with a known label. An image without a label, or whose class no
# candidate has, adds nothing. (H) gives a gradient to the s + 1 nearest only, so that a wrong
# neighbourhood is hard to leave; this loss reaches every candidate.
def neighbourhood(self, v: Tensor, bank: Tensor, same: Tensor, known: Tensor, bank_known: Tensor,
                  labels: Tensor) -> Tensor:
    itself = torch.diag(v.new_ones([v.size(0)])) > 0.5
    mates = self.distance(self.closeness(v, v)).masked_fill(itself, 1.0e+30)
    d = torch.cat([mates, self.distance(self.banked(v, bank, same))], 1)
    voter = torch.cat([known, bank_known]).unsqueeze(0)
    d = d.masked_fill(voter == 0, 1.0e+30)
    share = torch.log_softmax(d * -10., 1)
    own = (voter == (labels + 1).unsqueeze(1)) & (d < 1.0e+20)
    right = torch.logsumexp(share.masked_fill(~own, -1.0e+30), [1])
    valid = torch.any(own, 1) & (labels >= 0)
    return -torch.where(valid, right, torch.zeros_like(right)).mean()
