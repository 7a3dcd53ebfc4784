# For who has no metric vectors of the bank by themselves.
def forward(self, images: Tensor, known: Tensor, bank: Tensor, bank_known: Tensor,
            keep: Tensor) -> Tuple[Tensor, Tensor, Tensor, Tensor]:
    return self.serve(images, known, bank.narrow(1, 0, PROJECTION), bank, bank_known, keep)
