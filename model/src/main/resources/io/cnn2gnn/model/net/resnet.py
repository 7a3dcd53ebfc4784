# ResNet (He et al., arXiv 1512.03385): a convolution, blocks relu(F(x) + W x) of LENGTH convolutions
# each, where W is a 1x1 convolution if the block changes the shape and 1 if not, the mean over the
# map, and a linear layer.
def logits(self, images: Tensor) -> Tensor:
    convolutions = self.convolutions()
    strides = STRIDES
    x = torch.relu(self.convolve(self.normalise(images), convolutions[0], strides[0]))
    if IMAGENET:
        x = torch.max_pool2d(x, [3, 3], [2, 2], [1, 1], [1, 1], False)
    at = 1
    for changes in CHANGES:
        last = at + LENGTH - 1
        y = x
        for k in range(at, last):
            y = torch.relu(self.convolve(y, convolutions[k], strides[k]))
        y = self.convolve(y, convolutions[last], strides[last])
        at = last + 1
        if changes:
            x = self.convolve(x, convolutions[at], strides[at])
            at = at + 1
        x = torch.relu(y + x)
    x = torch.adaptive_avg_pool2d(x, [1, 1]).flatten(1)
    return torch.matmul(x, self.w) + self.b
