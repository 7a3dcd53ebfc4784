# What an image would have been answered if the neighbours of one tier had added nothing: those that
# somebody has labelled, the prototypes, earlier images, batch mates; in that order. What the others
# said stays, and counts more where fewer recent images are relied on; the neighbours' answers stay.
# -> index of the class and its probability, both [b, 4].
def left_out(self, third: Tensor, first: Tensor, e1: Tensor, e2: Tensor, share: Tensor, i3: Tensor,
             p3: Tensor, r3: Tensor, q: Tensor) -> Tuple[Tensor, Tensor]:
    mates = (i3 < third.size(0)).to(FLOAT32)
    without = torch.stack([third - e1 * share, third - e2 * share,
                           self.hearing(first, p3 * mates, r3, q),
                           self.hearing(first, p3 * torch.rsub(mates, 1.), r3, q)], 1)
    best = torch.max(torch.log_softmax(without, 2), 2)
    return best[1], torch.exp(best[0])
