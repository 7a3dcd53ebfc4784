# Two graph layers over P = (p_ij), whose row i is index i [b, k] and weight p [b, k]:
#   m1_i = x_i W1        h_i = relu((1 - a1) m1_i + a1 sum_j p_ij (m1_j + Y_label(j)) + b1)
#   m2_i = h_i W2   logits_i =      (1 - a2) m2_i + a2 sum_j p_ij m2_j + b2
# The shares a1 and a2 of the neighbourhood are logistic functions of learned gates, times keep: 0
# drops the graph (A = I). Y is the feature that a neighbour's known label adds. An image's row is
# (v, m1, m2), all that others need to have it as a neighbour; those of the bank are such rows.
def layers(self, x: Tensor, v: Tensor, i: Tensor, p: Tensor, known: Tensor, bank: Tensor,
           bank_known: Tensor, keep: Tensor) -> Tuple[Tensor, Tensor]:
    a1 = keep
    a2 = keep
    if GATED:
        a1 = torch.sigmoid(self.gate1) * keep
        a2 = torch.sigmoid(self.gate2) * keep
    m1 = torch.matmul(x, self.w1)
    n1 = self.propagate(i, p, m1, bank.narrow(1, PROJECTION, HIDDEN), a1)
    if LABELS:
        n1 = n1 + self.told(i, p, known, bank_known, self.labels) * a1
    m2 = torch.matmul(torch.relu(n1 + self.b1), self.w2)
    n2 = self.propagate(i, p, m2, bank.narrow(1, PROJECTION + HIDDEN, CLASSES), a2)
    return n2 + self.b2, torch.cat([v, m1, m2], 1).detach()


# (1 - share) own_i + share sum_j p_ij message_j, where j below b is a batch mate and b + r the bank's
# row r. A node without neighbours keeps its own message.
def propagate(self, i: Tensor, p: Tensor, own: Tensor, bank: Tensor, share: Tensor) -> Tensor:
    b = own.size(0)
    f = i.flatten()
    got = torch.index_select(own, 0, f.clamp_max(b - 1))
    if bank.size(0) > 0:
        row = torch.index_select(bank, 0, (f - b).clamp_min(0))
        got = torch.where((f < b).unsqueeze(1), got, row)
    got = got.view([b, i.size(1), own.size(1)])
    agreed = torch.bmm(p.unsqueeze(1), got).squeeze(1)
    rest = torch.rsub(p.sum([1], True) * share, 1.)
    return own * rest + agreed * share


# sum_j p_ij table_label(j), label 0 for unknown. An image never hears its own label.
def told(self, i: Tensor, p: Tensor, own: Tensor, bank: Tensor, table: Tensor) -> Tensor:
    b = own.size(0)
    every = torch.cat([own, bank])
    label = torch.index_select(every, 0, i.flatten().clamp_max(every.size(0) - 1))
    itself = torch.arange(b, device=own.device).unsqueeze(1)
    label = label.view([b, i.size(1)]).masked_fill(i == itself, 0)
    got = torch.index_select(table, 0, label.flatten()).view([b, i.size(1), table.size(1)])
    return torch.bmm(p.unsqueeze(1), got).squeeze(1)
