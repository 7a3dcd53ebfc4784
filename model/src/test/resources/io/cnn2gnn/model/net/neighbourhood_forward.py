def forward(self, bank: Tensor, same: Tensor, known: Tensor, bank_known: Tensor, labels: Tensor) -> Tensor:
    return self.neighbourhood(self.v, bank, same, known, bank_known, labels)
