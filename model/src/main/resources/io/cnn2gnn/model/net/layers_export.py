# The student for an inference server: images [b, height, width, channels], samples 0 to 255, beside the
# prototypes alone -> logits [b, classes].
def forward(self, images: Tensor) -> Tensor:
    x = images.to(FLOAT32, False, True)
    known = x.new_zeros([x.size(0)]).to(INT64)
    logits, rows, i, p = self.serve(x, known, self.prototypes.narrow(1, 0, PROJECTION), self.prototypes,
                                    self.prototype_labels.to(INT64) + 1, self.loudness)
    return logits
