package io.cnn2gnn.training.fit;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.training.data.ImageSet;
import java.nio.ByteBuffer;

/** Heap arrays to the tensors that the scripts take. */
public final class Tensors {
  private Tensors() {}

  /** Images as uint8 [b, height, width, channels]. */
  public static NDArray images(NDManager scope, ImageSet like, byte[] pixels) {
    Shape shape =
        new Shape(pixels.length / like.imageBytes(), like.height(), like.width(), like.channels());
    return scope.create(ByteBuffer.wrap(pixels), shape, DataType.UINT8);
  }
}
