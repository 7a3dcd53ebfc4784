# A convolution z = x * kernel, padded so that stride 1 keeps the size, and batch norm behind it
# (Ioffe and Szegedy, arXiv 1502.03167): y = gamma (z - mean) / sqrt(variance + 1e-5) + beta, by the
# batch's statistics in training, which move the running ones by a tenth, and by the running ones else.
def convolve(self, x: Tensor, convolution: List[Tensor], stride: int) -> Tensor:
    kernel, gamma, beta, mean, variance = convolution
    pad = kernel.size(2) // 2
    if pad == 0:
        z = self.convolve_1x1(x, kernel, stride)
    else:
        z = torch.conv2d(x, kernel, None, [stride, stride], [pad, pad], [1, 1], 1)
    return torch.batch_norm(z, gamma, beta, mean, variance, self.training, 0.1, 1.0e-05, True)
