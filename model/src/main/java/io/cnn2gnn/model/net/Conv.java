package io.cnn2gnn.model.net;

/**
 * A square convolution without bias, batch norm behind it, padded so that stride 1 keeps the size.
 *
 * @param name of its tensors
 * @param in input channels
 * @param out output channels
 * @param side of the kernel, odd
 * @param stride in both directions
 */
record Conv(String name, int in, int out, int side, int stride) {
  int padding() {
    return side / 2;
  }

  /** Extent after it: rounded up. */
  int extent(int extent) {
    return (extent - 1) / stride + 1;
  }

  /** Multiply-accumulates for an output map of this size. */
  long macs(long height, long width) {
    return height * width * in * out * side * side;
  }
}
