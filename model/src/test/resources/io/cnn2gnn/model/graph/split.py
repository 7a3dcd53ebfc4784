# Weighs rows of distances, all of them candidates: the first two columns for the batch's and the
# others for the bank's.
def split(self, d: Tensor) -> Tuple[Tensor, Tensor]:
    c = 1. - d * 0.5
    return self.weigh(c[:, :2], c[:, 2:], d.size(1))
