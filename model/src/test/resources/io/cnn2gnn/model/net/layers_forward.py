def forward(self, x: Tensor, v: Tensor, i: Tensor, p: Tensor, known: Tensor, bank: Tensor,
            bank_known: Tensor, keep: Tensor, g: Tensor) -> Tensor:
    logits, rows = self.layers(x, v, i, p, known, bank, bank_known, keep)
    return (logits * g).sum()
