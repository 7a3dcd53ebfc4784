# What the file proves itself with: images, each of them alone, and what is answered.
def golden(self) -> Tuple[Tensor, Tensor]:
    return self.golden_images, self.golden_logits
