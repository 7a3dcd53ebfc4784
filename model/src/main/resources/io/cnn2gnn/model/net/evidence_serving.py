# An answer in one call. rows [b, projection + known classes] is what a bank keeps: the metric vector,
# and what was known of the image before its recent neighbours spoke, so that no mistake feeds itself.
# The index has the neighbours in the labelled tier, among the prototypes and among the recent rows; so
# has each part of edges: weight, reliability, and by how much each raised the answer's log probability
# before all were made to sum to one. The distance is that to the nearest of each tier. The last two are
# what left_out returns.
def judge(self, x: Tensor, v: Tensor, known: Tensor, told_v: Tensor, told_y: Tensor,
          told_m: Tensor, told_from: Tensor, shown_v: Tensor, shown_y: Tensor, heard_v: Tensor,
          heard_q: Tensor, own: Tensor, heard_from: Tensor, fresh: Tensor) -> Tuple[
              Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    z = self.classify(x)
    (third, first, alone, i1, d1, p1, r1, i2, d2, p2, r2, i3, d3, p3, r3, q, e1, e2, share, s1, s2, shift) = self.evidence(
        z, v, known, told_v, told_y, told_m, told_from, shown_v, shown_y, heard_v, heard_q, own,
        heard_from, fresh)
    count = third.size(1)
    best = torch.argmax(third, 1, True)
    i1 = i1.narrow(1, 0, FEW)
    i2 = i2.narrow(1, 0, MANY)
    i3 = i3.narrow(1, 0, MANY)
    y1 = torch.where(self.labels(i1, told_y) == best, torch.full_like(p1, 0.98 + 0.02 / count),
                     torch.full_like(p1, 0.02 / count))
    y2 = torch.where(self.labels(i2, shown_y) == best, torch.full_like(p2, 0.98 + 0.02 / count),
                     torch.full_like(p2, 0.02 / count))
    y3 = torch.gather(q, 2, best.unsqueeze(2).expand([q.size(0), q.size(1), 1])).squeeze(2)
    m1 = torch.log(r1 * (y1 * count - 1.) + 1.) * p1 * s1 * share
    # What doubt changed is credited to those near ones of which the model was mistaken.
    blame = torch.relu(self.labels(i1, told_m).to(FLOAT32)) * r1 * (p1 > 0.).to(FLOAT32)
    blame = blame / blame.sum([1], True).clamp_min(1.0e-06)
    m1 = m1 + torch.gather(shift, 1, best) * blame * share
    m2 = torch.log(r2 * (y2 * count - 1.) + 1.) * p2 * s2 * share
    m3 = torch.log(r3 * (y3 * count - 1.) + 1.) * p3 * torch.exp(self.heard_strength) * share
    rows = torch.cat([v, torch.exp(first).narrow(1, 0, CLASSES)], 1)
    index = torch.cat([i1, i2, i3], 1)
    edges = torch.cat([p1, p2, p3, r1, r2, r3, m1, m2, m3], 1)
    distance = torch.cat([d1.narrow(1, 0, 1), d2.narrow(1, 0, 1), d3.narrow(1, 0, 1)], 1)
    without, sure = self.left_out(third, first, e1, e2, share, i3, p3, r3, q)
    return third, first, alone, rows, index, edges, distance, without, sure


def serve(self, images: Tensor, known: Tensor, told_v: Tensor, told_y: Tensor, told_m: Tensor,
          told_from: Tensor, shown_v: Tensor, shown_y: Tensor, heard_v: Tensor, heard_q: Tensor,
          own: Tensor, heard_from: Tensor, fresh: Tensor) -> Tuple[
              Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]:
    x = self.embed(images)
    return self.judge(x, self.project(x), known, told_v, told_y, told_m, told_from, shown_v, shown_y,
                      heard_v, heard_q, own, heard_from, fresh)


# An image by itself.
def alone(self, images: Tensor) -> Tensor:
    return self.classify(self.embed(images))


def stem(self, images: Tensor) -> Tuple[Tensor, Tensor]:
    x = self.embed(images)
    return x, self.project(x)
