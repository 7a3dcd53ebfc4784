# What an image would have been answered if the neighbours of one tier had added nothing: those that
# somebody has labelled, the prototypes, earlier images, batch mates; in that order. What the others
# added stays, and so do the answers of the neighbours.
# -> index of the class and its probability, both [b, 4].
def left_out(self, third: Tensor, first: Tensor, p1: Tensor, r1: Tensor, y1: Tensor, p2: Tensor,
             r2: Tensor, y2: Tensor, i3: Tensor, p3: Tensor, r3: Tensor,
             q: Tensor) -> Tuple[Tensor, Tensor]:
    count = third.size(1)
    told = self.told(p1 * self.loudness(y1, CLASSES), r1, y1, count)
    shown = self.told(p2, r2, y2, count) * torch.exp(self.shown_strength)
    among = (i3 < third.size(0)).to(FLOAT32)
    mates = self.heard(p3 * among, r3, q) * torch.exp(self.heard_strength)
    # Recent images are all that made the third answer of the first.
    rest = torch.stack([third - told, third - shown, first + mates, third - mates], 1)
    best = torch.max(torch.log_softmax(rest, 2), 2)
    return best[1], torch.exp(best[0])
