def forward(self, x: Tensor, g: Tensor) -> Tensor:
    return (self.project(x) * g).sum()
