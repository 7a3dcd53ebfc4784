# images -> x [b, features]: convolutions, each relu(y), or relu(y + x) where it keeps the shape of its
# input (He et al., arXiv 1512.03385, equation 1), then the mean over each cell of a POOL x POOL grid.
def embed(self, images: Tensor) -> Tensor:
    x = self.normalise(images)
    if FOLDED:
        # libtorch gives the convolutions of one small image to NNPACK instead of oneDNN, and says so
        # on standard error with each of them where the processor has no NNPACK. So a lone image has a
        # twin; two images take as long as one.
        if images.size(0) == 1:
            x = torch.cat([x, x])
    for convolution, stride, residual in zip(self.convolutions(), STRIDES, RESIDUAL):
        y = self.convolve(x, convolution, stride)
        if residual:
            y = y + x
        x = torch.relu(y)
    x = torch.adaptive_avg_pool2d(x, [POOL, POOL]).flatten(1)
    if FOLDED:
        x = x.narrow(0, 0, images.size(0))
    return x
