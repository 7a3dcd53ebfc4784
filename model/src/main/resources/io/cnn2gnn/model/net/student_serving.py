# An answer in one call, for who has the metric vectors of the bank by themselves.
def serve(self, images: Tensor, known: Tensor, metrics: Tensor, bank: Tensor, bank_known: Tensor,
          keep: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    x = self.embed(images)
    logits, v, rows, i, p = self.answer(x, known, metrics, bank, bank_known, self.nobody(bank), keep)
    return logits, rows, i, p


# Its parts, so that each can be timed; layers is the third.
def stem(self, images: Tensor) -> Tuple[Tensor, Tensor]:
    x = self.embed(images)
    return x, self.project(x)


def graph(self, v: Tensor, metrics: Tensor) -> Tuple[Tensor, Tensor]:
    return self.neighbours(v, metrics, self.nobody(v))


# Serving knows of no row that is an image's own.
def nobody(self, like: Tensor) -> Tensor:
    return like.new_zeros([0, 0]) > 0.
