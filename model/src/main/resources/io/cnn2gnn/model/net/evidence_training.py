# loss = CE(y, answer) + CE(y, own answer) + 0.5 of the binary cross entropy of 'same class' on each edge
# with weight, so that a reliability is a probability, and an image's own answer one by itself. v and z
# are of images that the stem was not fitted to. labels are -100 for a class that nobody has named yet;
# truth and heard_y name it all the same.
def forward(self, v: Tensor, z: Tensor, known: Tensor, labels: Tensor, truth: Tensor,
            told_v: Tensor, told_y: Tensor, told_m: Tensor, shown_v: Tensor, shown_y: Tensor,
            heard_v: Tensor, heard_q: Tensor, heard_y: Tensor, own: Tensor, heard_from: Tensor,
            fresh: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    (third, first, alone, i1, d1, p1, r1, i2, d2, p2, r2, i3, d3, p3, r3, q, e1, e2, share, s1, s2, shift) = self.evidence(
        z, v, known, told_v, told_y, told_m, own.narrow(0, 0, 0), shown_v, shown_y, heard_v, heard_q,
        own, heard_from, fresh)
    named = (labels >= 0).sum().clamp_min(1)
    loss = torch.cross_entropy_loss(third, labels, None, 2, -100, SMOOTHING) / named
    # Nothing can be known alone of a class that only labels name.
    own_y = torch.where(labels < z.size(1), labels, torch.full_like(labels, -100))
    known_y = (own_y >= 0).sum().clamp_min(1)
    loss = loss + torch.cross_entropy_loss(alone, own_y, None, 2, -100, 0.0) / known_y
    y = truth.unsqueeze(1)
    every = torch.cat([truth, heard_y])
    pairs = self.pair(p1, r1, self.labels(i1.narrow(1, 0, FEW), told_y) == y)
    pairs = pairs + self.pair(p2, r2, self.labels(i2.narrow(1, 0, MANY), shown_y) == y)
    pairs = pairs + self.pair(p3, r3, self.labels(i3.narrow(1, 0, MANY), every) == y)
    return loss + pairs * 0.5, third, first.detach()


def pair(self, p: Tensor, r: Tensor, same: Tensor) -> Tensor:
    there = (p > 0.).to(FLOAT32)
    t = same.to(FLOAT32)
    each = -(torch.log(r.clamp_min(1.0e-06)) * t + torch.log(torch.rsub(r, 1.)) * torch.rsub(t, 1.))
    return (each * there).sum() / there.sum().clamp_min(1.)
