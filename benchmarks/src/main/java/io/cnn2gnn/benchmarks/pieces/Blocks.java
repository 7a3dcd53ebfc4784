package io.cnn2gnn.benchmarks.pieces;

import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import io.cnn2gnn.model.torch.Tensor;

/** Weights into DJL's blocks. */
final class Blocks {
  private Blocks() {}

  /** Has a parameter begin as a tensor. */
  static void set(Block block, String parameter, Tensor tensor) {
    block.setInitializer((manager, shape, type) -> manager.create(tensor.data(), shape), parameter);
  }

  /** x W, with W [in, out]. */
  static Block linear(Tensor w) {
    int in = (int) w.shape()[0];
    int out = (int) w.shape()[1];
    float[] turned = new float[in * out];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        turned[o * in + i] = w.data()[i * out + o];
      }
    }
    Block linear = Linear.builder().setUnits(out).optBias(false).build();
    set(linear, "weight", new Tensor(new long[] {out, in}, turned));
    return linear;
  }
}
