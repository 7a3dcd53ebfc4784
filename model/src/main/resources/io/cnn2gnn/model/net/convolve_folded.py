# A convolution into which its batch norm is folded: y = x * kernel + bias.
def convolve(self, x: Tensor, convolution: List[Tensor], stride: int) -> Tensor:
    kernel, bias = convolution
    pad = kernel.size(2) // 2
    if pad == 0:
        y = self.convolve_1x1(x, kernel, stride) + bias.view([-1, 1, 1])
    else:
        y = torch.conv2d(x, kernel, bias, [stride, stride], [pad, pad], [1, 1], 1)
    return y
