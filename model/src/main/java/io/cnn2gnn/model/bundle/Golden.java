package io.cnn2gnn.model.bundle;

import io.cnn2gnn.model.torch.Tensor;

/**
 * A batch of images with the logits that the model gave when it was made, beside its prototypes. A
 * loaded model must give them again before it may serve.
 *
 * @param images uint8 samples stored as float32 [b, height, width, channels]
 * @param logits float32 [b, classes]
 */
public record Golden(Tensor images, Tensor logits) {
  public Golden {
    if (images.shape().length != 4
        || logits.shape().length != 2
        || images.shape()[0] != logits.shape()[0]
        || images.shape()[0] < 1) {
      throw new IllegalArgumentException(
          "the golden set needs images, and one row of logits for each");
    }
  }
}
