# L = sum_j g_j p_j, where g is given by column.
def forward(self, g: Tensor) -> Tuple[Tensor, Tensor]:
    i, p = self.split(self.d)
    return (torch.gather(g, 1, i) * p).sum(), p
