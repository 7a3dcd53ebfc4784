# A 1x1 convolution as a product of matrices. oneDNN's own ends the process: it divides by zero where a
# processor does not tell the size of its caches, as virtual ones may, and its gradient writes past its
# buffer on CPUs with AVX-512 where the channels are no multiple of 16.
def convolve_1x1(self, x: Tensor, kernel: Tensor, stride: int) -> Tensor:
    if stride > 1:
        x = torch.slice(torch.slice(x, 2, 0, x.size(2), stride), 3, 0, x.size(3), stride)
    z = torch.matmul(x.permute([0, 2, 3, 1]), kernel.flatten(1).t())
    return z.permute([0, 3, 1, 2]).contiguous()
