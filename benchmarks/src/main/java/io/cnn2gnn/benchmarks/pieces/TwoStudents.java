package io.cnn2gnn.benchmarks.pieces;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.net.Images;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/**
 * One student with graph layers twice, as TorchScript and of DJL's blocks: the same weights, images
 * and bank. Both are asked in the same way, in a scope of tensors per call.
 */
final class TwoStudents implements AutoCloseable {
  private final StudentSpec spec;
  private final byte[] samples;
  private final long images;
  private final TorchModule serving;
  private final NDManager manager;
  private final NDArray bank;
  private final NDArray bankKnown;
  private final Block servingBlock;

  /**
   * Makes both.
   *
   * @param weights in training form
   * @param samples of the images of a batch
   * @param rows of the bank, noise
   */
  TwoStudents(StudentSpec spec, Map<String, Tensor> weights, byte[] samples, int rows) {
    this.spec = spec;
    this.samples = samples;
    this.images = samples.length / spec.input().bytes();
    serving =
        TorchModule.frozen(Student.serving(spec, weights, Candidates.BOTH), Torch.device("cpu"));
    manager = serving.newManager();
    bank = manager.create(noise(spec, rows), new Shape(rows, spec.rowLength()));
    bankKnown = known(manager, rows);
    // The script's own folded weights.
    servingBlock = block(serving.tensors());
  }

  private Block block(Map<String, Tensor> tensors) {
    Block block = new BlockStudent(spec, tensors);
    block.initialize(manager, DataType.FLOAT32, new Shape(1));
    return block;
  }

  /** Rows whose metric vectors have length one. */
  private static float[] noise(StudentSpec spec, int rows) {
    Random random = new Random(Material.SEED);
    float[] bank = new float[rows * spec.rowLength()];
    for (int row = 0; row < rows; row++) {
      int from = row * spec.rowLength();
      double squares = 0;
      for (int i = from; i < from + spec.rowLength(); i++) {
        bank[i] = (float) random.nextGaussian();
        squares += i < from + spec.projection() ? bank[i] * bank[i] : 0;
      }
      for (int i = from; i < from + spec.projection(); i++) {
        bank[i] /= (float) Math.sqrt(squares);
      }
    }
    return bank;
  }

  private NDArray images(NDManager scope) {
    return Images.batch(scope, spec.input(), samples);
  }

  /** A scope for one call, which the bank enters for that long. */
  private NDManager scope() {
    NDManager scope = manager.newSubManager();
    scope.tempAttachAll(bank, bankKnown);
    return scope;
  }

  /** Class + 1 of so many, or 0 for unknown. */
  private NDArray known(NDManager scope, long count) {
    return scope.create(LongStream.range(0, count).map(i -> i % (spec.classes() + 1)).toArray());
  }

  /** The logits of a batch. */
  float[] answerOfScript() {
    try (NDManager scope = scope()) {
      return serving
          .run("forward", images(scope), known(scope, images), bank, bankKnown, scope.create(1f))
          .head()
          .toFloatArray();
    }
  }

  /** The same of blocks. */
  float[] answerOfBlocks() {
    try (NDManager scope = scope()) {
      return forward(servingBlock, scope).head().toFloatArray();
    }
  }

  private NDList forward(Block block, NDManager scope) {
    return block.forward(
        new ParameterStore(scope, false),
        new NDList(images(scope), known(scope, images), bank, bankKnown),
        false);
  }

  @Override
  public void close() {
    manager.close();
    serving.close();
  }
}
