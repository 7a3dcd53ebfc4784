# uint8 [b, height, width, channels] -> (image / 255 - mean) / deviation, [b, channels, height, width].
# Done before the channels come first: on interleaved samples it is a plain loop.
def normalise(self, images: Tensor) -> Tensor:
    x = images.to(FLOAT32).sub_(self.input_mean).mul_(self.input_scale)
    return x.permute([0, 3, 1, 2])
