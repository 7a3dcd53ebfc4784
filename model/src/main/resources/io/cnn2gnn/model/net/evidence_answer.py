# An image's own answer, then what labelled rows and prototypes say, then two rounds over the recent
# images of its source, batch mates among them, the second with the answers of the first. Of known
# classes and those new ones that only labels say: as many as fresh is long, all as probable as they
# are together to an image that has heard nothing. known [b] is label + 1 or 0.
# -> log probabilities [b, C] of the answer and of what was known before the recent rows spoke, and of
# the image alone over the classes that the model knows; index, squared distance, weight and
# reliability of each tier; what was known of the recent rows; what labelled rows changed, and what
# prototypes added to that; the share by which the last round has all of this count; the strength of each
# labelled neighbour [b, FEW] and of the prototypes [b, 1]; and what doubt changed of the image's own
# answer. told_m is 1 for rows of which the model was mistaken, -1 where it was right, 0 where nobody
# knows.
def evidence(self, z: Tensor, v: Tensor, known: Tensor, told_v: Tensor, told_y: Tensor,
             told_m: Tensor, told_from: Tensor, shown_v: Tensor, shown_y: Tensor, heard_v: Tensor,
             heard_q: Tensor, own: Tensor, heard_from: Tensor, fresh: Tensor) -> Tuple[
                 Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor,
                 Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    b = v.size(0)
    nobody = own.narrow(0, 0, 0)
    alone = torch.log_softmax(z * torch.exp(self.heat), 1)
    prior = torch.log_softmax(alone.detach() * torch.exp(self.own_strength), 1)
    if fresh.size(0) > 0:
        new = torch.log(torch.sigmoid(self.fresh) / fresh.size(0))
        prior = torch.cat([prior + torch.log(torch.sigmoid(-self.fresh)),
                           (fresh * 0. + new).unsqueeze(0).expand([b, fresh.size(0)])], 1)
    count = prior.size(1)

    i1, d1 = self.found(v, told_v, own, told_from, MANY + 1)
    m1 = self.labels(i1, told_m).to(FLOAT32)
    there = (d1.narrow(1, 0, MANY) < 5.).to(FLOAT32)
    doubt = self.doubts(self.reliability(d1, self.told_a, self.told_b) * there, m1.narrow(1, 0, MANY))
    i1 = i1.narrow(1, 0, FEW + 1)
    d1 = d1.narrow(1, 0, FEW + 1)
    p1 = self.weights(d1, torch.exp(self.told_reach))
    r1 = self.reliability(d1, self.told_a, self.told_b)
    y1 = self.labels(i1.narrow(1, 0, FEW), told_y)
    s1 = self.loudness(y1, z.size(1), m1.narrow(1, 0, FEW), doubt)
    left = self.doubted(prior, doubt)
    told = left + self.told(p1 * s1, r1, y1, count)

    i2, d2 = self.found(v, shown_v, own, nobody, MANY + 1)
    p2 = self.weights(d2, torch.exp(self.shown_reach))
    r2 = self.reliability(d2, self.shown_a, self.shown_b)
    shown = self.told(p2, r2, self.labels(i2.narrow(1, 0, MANY), shown_y), count)
    whole = torch.exp(self.shown_strength)
    s2 = torch.rsub(doubt, 1.) * whole
    e2 = shown * s2
    e1 = told + e2 - (prior + shown * whole)
    first = torch.log_softmax(told + e2, 1)

    mates = self.within(v, v, own, own)
    itself = torch.diag(v.new_ones([b])) > 0.5
    if WITH_MATES:
        mates = mates.masked_fill(itself, -1.0e+30)
    else:
        mates = torch.full_like(mates, -1.0e+30)
    top, i = self.best(mates, self.within(v, heard_v, own, heard_from), MANY + 1)
    i3, d3 = self.closest(self.distance(top), i, MANY + 1)
    p3 = self.weights(d3, torch.exp(self.heard_reach))
    r3 = self.reliability(d3, self.heard_a, self.heard_b)
    near = i3.narrow(1, 0, MANY)
    q = self.row(near, self.sure(torch.exp(first), known), heard_q)
    second = torch.softmax(self.hearing(first, p3, r3, q), 1)
    q = self.row(near, self.sure(second, known), heard_q)
    third = torch.log_softmax(self.hearing(first, p3, r3, q), 1)
    return (third, first, alone, i1, d1, p1, r1, i2, d2, p2, r2, i3, d3, p3, r3, q, e1, e2,
            self.share(p3, r3), s1, s2, left - prior)


# How much labelled neighbours count. Of a class that the model does not know it has said nothing itself,
# so they say nothing twice; nor do they where it is mistaken.
def loudness(self, label: Tensor, known: int, m: Tensor, doubt: Tensor) -> Tensor:
    wrong = torch.relu(m)
    alike = torch.exp(self.told_strength) * torch.rsub(wrong, 1.) + torch.exp(self.told_wrong) * wrong
    some = torch.exp(self.told_open)
    return torch.where(label >= known, some, alike * torch.rsub(doubt, 1.) + some * doubt)


# The answers q [b, C] of images, but for those whose label is known.
def sure(self, q: Tensor, known: Tensor) -> Tensor:
    label = torch.one_hot((known - 1).clamp_min(0), q.size(1)).to(FLOAT32)
    truth = label * 0.98 + 0.02 / q.size(1)
    return torch.where((known > 0).unsqueeze(1), truth, q)
