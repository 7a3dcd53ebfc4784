# stem's x -> v = Wp x / |Wp x| -> graph P over batch and bank -> logits.
def answer(self, x: Tensor, known: Tensor, metrics: Tensor, bank: Tensor, bank_known: Tensor,
           same: Tensor, keep: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    v = self.project(x)
    i, p = self.neighbours(v, metrics, same)
    logits, rows = self.layers(x, v, i, p, known, bank, bank_known, keep)
    return logits, v, rows, i, p
