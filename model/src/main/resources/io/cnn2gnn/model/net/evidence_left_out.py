# What an image would have been answered if the neighbours of one tier had added nothing: those that
# somebody has labelled, the prototypes, earlier images, batch mates; in that order. What the others
# added stays, and so do the answers of the neighbours.
# -> index of the class and its probability, both [b, 4].
def left_out(self, third: Tensor, first: Tensor, e1: Tensor, e2: Tensor, i3: Tensor, p3: Tensor,
             r3: Tensor, q: Tensor) -> Tuple[Tensor, Tensor]:
    b = third.size(0)
    mates = torch.zeros_like(third)
    if b > 1:
        mates = self.heard(p3 * (i3 < b), r3, q) * torch.exp(self.heard_strength)
    # Recent images are all that made the third answer of the first.
    rest = torch.stack([third - e1, third - e2, first + mates, third - mates], 1)
    best = torch.max(torch.log_softmax(rest, 2), 2)
    return best[1], torch.exp(best[0])
