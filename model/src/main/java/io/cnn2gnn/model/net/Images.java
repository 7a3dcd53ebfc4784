package io.cnn2gnn.model.net;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.image.InputSpec;
import java.nio.ByteBuffer;

/** Samples on the heap to the tensor that the scripts take. */
public final class Images {
  private Images() {}

  /**
   * A batch as uint8 [b, height, width, channels].
   *
   * @param samples image after image, row by row
   */
  public static NDArray batch(NDManager scope, InputSpec input, byte[] samples) {
    if (samples.length % input.bytes() != 0) {
      throw new IllegalArgumentException(
          samples.length + " samples are not whole images of " + input.bytes());
    }
    long count = samples.length / input.bytes();
    Shape shape = new Shape(count, input.height(), input.width(), input.channels());
    return scope.create(ByteBuffer.wrap(samples), shape, DataType.UINT8);
  }
}
