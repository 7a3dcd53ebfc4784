# Cross entropy, averaged over the batch -> (loss, logits).
def forward(self, images: Tensor, labels: Tensor) -> Tuple[Tensor, Tensor]:
    logits = self.logits(images)
    return torch.cross_entropy_loss(logits, labels, None, 1, -100, 0.), logits
