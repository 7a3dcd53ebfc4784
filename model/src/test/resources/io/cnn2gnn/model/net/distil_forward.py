def forward(self, labels: Tensor, teacher: Tensor, lam: Tensor, temperature: Tensor) -> Tensor:
    return self.distil(self.logits, labels, teacher, lam, temperature)
