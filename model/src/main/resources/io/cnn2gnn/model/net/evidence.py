# What neighbours add to an image's own answer. For image i and its s nearest rows j of a tier at
# squared distances d_ij, nearest first,
#   t_i   = min(reach, d_i(s+1))                  g_ij = (t_i - d_ij)_+
#   p_ij  = g_ij / sum_l g_il                     where s + 1 rows lie within reach: formula (H),
#         = g_ij / max(reach / 4, sum_l g_il)     where fewer do: the rest of the weight is nobody's
#   r_ij  = 0.98 / (1 + exp(exp(b) d_ij - a))     how sure it is that j is of i's class
#   e_ic  = sum_j strength_ij p_ij log(C (r_ij q_jc + (1 - r_ij) / C))
# where q_j is what is known of j: its label, or its own answer. Of C classes. A neighbour with r = 0
# adds nothing. Ten neighbours count as much as one: what follows each other is mistaken for the same
# reasons. Where the model itself, without neighbours, gave labelled rows another class (m_j = 1; -1
# where it was right, 0 where nobody knows), it may be mistaken of i, too. The 3s nearest ones vote:
#   doubt_i  = 0.98 (logistic(a' + sum_j r_ij v(m_j)) - logistic(a'))_+
# where v is w for a mistake and -w' for a right answer. So much less count the model and its prototypes,
# and so much more labels. Those of classes that the model does not know have the strength open. Each of
# the others has told or, where m_j = 1, wrong, and (1 - doubt_i) of that plus doubt_i of open.
# The more recent neighbours are relied on, the less the whole counts: they mostly show the same thing.
#   prior_i  = log((1 - doubt_i) softmax(own log softmax(heat z_i)) + doubt_i / C)
#   first_i  = log softmax(prior_i + e_i of labelled rows + (1 - doubt_i) e_i of prototypes)
#   answer_i = log softmax(exp(-overlap sum_j p_ij r_ij) (first_i + e_i)), both sums of recent rows
def weights(self, d: Tensor, reach: Tensor) -> Tensor:
    s = d.size(1) - 1
    near = d.narrow(1, 0, s)
    last = d.narrow(1, s, 1)
    crowded = last < reach
    t = torch.minimum(last, reach)
    gap = torch.relu(t - near)
    total = gap.sum([1], True)
    # Where none is nearer than the one behind them, within what float32 can tell, all weigh the same.
    flat = crowded & (total <= (t * s + 1.) * 1.0e-06)
    least = torch.where(crowded, torch.zeros_like(total), torch.zeros_like(total) + reach * 0.25)
    most = torch.maximum(total, least)
    safe = torch.where(flat, torch.ones_like(most), most).clamp_min(1.0e-12)
    return torch.where(flat, torch.full_like(gap, 1 / s), gap / safe)


def share(self, p: Tensor, r: Tensor) -> Tensor:
    return torch.exp(-torch.exp(self.heard_overlap) * (p * r).sum([1], True))


# How far the model is doubted, by r and m [b, 3s] of the nearest labelled rows.
def doubts(self, r: Tensor, m: Tensor) -> Tensor:
    wrong = torch.relu(m) * torch.exp(self.doubt_wrong)
    right = torch.relu(-m) * torch.exp(self.doubt_right)
    votes = (r * (wrong - right)).sum([1], True)
    return torch.relu(torch.sigmoid(votes + self.doubt) - torch.sigmoid(self.doubt)) * 0.98


# What an image's own answer is worth where the model may be mistaken.
def doubted(self, prior: Tensor, doubt: Tensor) -> Tensor:
    rest = torch.log(doubt.clamp_min(1.0e-12) / prior.size(1))
    both = torch.logaddexp(prior + torch.log(torch.rsub(doubt, 1.)), rest)
    return torch.where(doubt > 0., both, prior)


def reliability(self, d: Tensor, a: Tensor, b: Tensor) -> Tensor:
    near = d.narrow(1, 0, d.size(1) - 1).clamp_max(4.)
    return torch.sigmoid(a - torch.exp(b) * near) * 0.98


# The count nearest rows as index and squared distance. Where there are fewer, row 0 stands beyond any
# distance.
def closest(self, d: Tensor, i: Tensor, count: int) -> Tuple[Tensor, Tensor]:
    lack = count - d.size(1)
    if lack > 0:
        b = d.size(0)
        d = torch.cat([d, torch.full_like(d.new_zeros([b, lack]), 1.0e+30)], 1)
        i = torch.cat([i, i.new_zeros([b, lack])], 1)
    return i, d


# The nearest of labelled rows or prototypes, all of length one, whatever the recent ones are ranked by.
# Those of other sources lie beyond any distance. No sources: all count.
def found(self, v: Tensor, rows: Tensor, own: Tensor, sources: Tensor,
          count: int) -> Tuple[Tensor, Tensor]:
    c = torch.matmul(rows, v.t()).t()
    if sources.size(0) > 0:
        c = c.masked_fill(own.unsqueeze(1) != sources.unsqueeze(0), -1.0e+30)
    top, i = self.most(c, count)
    return self.closest(torch.rsub(top, 2., 2).clamp_min(0.), i, count)


# Closeness to recent rows, of which those of other sources lie beyond any distance.
def within(self, v: Tensor, rows: Tensor, own: Tensor, sources: Tensor) -> Tensor:
    c = self.closeness(v, rows)
    return c.masked_fill(own.unsqueeze(1) != sources.unsqueeze(0), -1.0e+30)


# Evidence of neighbours whose label is known: q_jc = 0.98 for the label, and 0.02 for all alike.
def told(self, p: Tensor, r: Tensor, label: Tensor, count: int) -> Tensor:
    rest = torch.rsub(r, 1.)
    off = torch.log(r * 0.02 + rest) * p
    on = torch.log(r * (0.98 * count + 0.02) + rest) * p
    e = off.sum([1], True).expand([p.size(0), count])
    return torch.scatter_add(e, 1, label, on - off)


# Evidence of neighbours that have an answer q [b, s, C].
def heard(self, p: Tensor, r: Tensor, q: Tensor) -> Tensor:
    count = q.size(2)
    return (torch.log(r.unsqueeze(2) * (q * count - 1.) + 1.) * p.unsqueeze(2)).sum([1])


# Logits of images that were known as first, and hear recent neighbours.
def hearing(self, first: Tensor, p: Tensor, r: Tensor, q: Tensor) -> Tensor:
    said = self.heard(p, r, q) * torch.exp(self.heard_strength)
    return (first + said) * self.share(p, r)


# The rows that are meant by i [b, s]: batch mates below b, then those of the bank.
def row(self, i: Tensor, own: Tensor, bank: Tensor) -> Tensor:
    b = own.size(0)
    f = i.flatten()
    got = torch.index_select(own, 0, f.clamp_max(b - 1))
    if bank.size(0) > 0:
        other = torch.index_select(bank, 0, (f - b).clamp_min(0).clamp_max(bank.size(0) - 1))
        got = torch.where((f < b).unsqueeze(1), got, other)
    return got.view([i.size(0), i.size(1), own.size(1)])


# Of neighbours, something that is known of rows; of no rows at all, any.
def labels(self, i: Tensor, known: Tensor) -> Tensor:
    if known.size(0) == 0:
        return torch.zeros_like(i)
    return torch.index_select(known, 0, i.flatten()).view([i.size(0), i.size(1)])
