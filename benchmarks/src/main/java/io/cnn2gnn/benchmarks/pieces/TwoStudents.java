package io.cnn2gnn.benchmarks.pieces;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
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
 * One student twice, as TorchScript and of DJL's blocks: the same weights, images and bank, and in
 * training the same losses. Both are asked in the same way, in a scope of tensors per call.
 */
final class TwoStudents implements AutoCloseable {
  private static final float LAMBDA = 0.6f;
  private static final float TEMPERATURE = 3;
  private static final float METRIC = 0.5f;

  private final StudentSpec spec;
  private final byte[] samples;
  private final long images;
  private final long rows;
  private final TorchModule serving;
  private final TorchModule training;
  private final NDManager manager;
  private final NDArray bank;
  private final NDArray bankKnown;
  private final Block servingBlock;
  private final Block trainingBlock;

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
    this.rows = rows;
    serving =
        TorchModule.frozen(Student.serving(spec, weights, Candidates.BOTH), Torch.device("cpu"));
    training = TorchModule.trainable(Student.training(spec, weights), Torch.device("cpu"));
    manager = serving.newManager();
    bank = manager.create(noise(spec, rows), new Shape(rows, spec.rowLength()));
    bankKnown = known(manager, rows);
    // The script's own folded weights.
    servingBlock = block(serving.tensors());
    trainingBlock = block(weights);
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

  private NDArray labels(NDManager scope) {
    return scope.create(LongStream.range(0, images).map(i -> i % spec.classes()).toArray());
  }

  private NDArray teacher(NDManager scope) {
    return scope.zeros(new Shape(images, spec.classes()));
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
      return forward(servingBlock, scope, false).head().toFloatArray();
    }
  }

  private NDList forward(Block block, NDManager scope, boolean training) {
    return block.forward(
        new ParameterStore(scope, false),
        new NDList(images(scope), known(scope, images), bank, bankKnown),
        training);
  }

  /** The loss of a step that changes nothing but the running statistics. */
  float stepOfScript(TorchModule.Update update) {
    try (NDManager scope = scope()) {
      long[] others = LongStream.range(images, images + rows).toArray();
      return training
          .step(
              update,
              images(scope),
              scope.create(LongStream.range(0, images).toArray()),
              known(scope, images),
              bank,
              scope.create(others),
              bankKnown,
              scope.create(1f),
              labels(scope),
              teacher(scope),
              scope.create(LAMBDA),
              scope.create(TEMPERATURE),
              scope.create(METRIC))
          .head()
          .getFloat();
    }
  }

  /** The same of blocks. */
  float stepOfBlocks(TorchModule.Update update) {
    try (NDManager scope = scope()) {
      NDArray loss;
      try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
        NDList out = forward(trainingBlock, scope, true);
        NDArray near =
            BlockLoss.neighbourhood(
                out.get(2),
                bank.get(":, :" + spec.projection()),
                known(scope, images),
                bankKnown,
                labels(scope));
        loss =
            BlockLoss.distillation(out.get(0), labels(scope), teacher(scope), LAMBDA, TEMPERATURE)
                .add(near.mul(METRIC));
        collector.backward(loss);
      }
      for (Pair<String, Parameter> p : trainingBlock.getParameters()) {
        NDArray weight = p.getValue().getArray();
        if (weight.hasGradient()) {
          try (NDArray gradient = weight.getGradient()) {
            update.apply(p.getKey(), weight, gradient);
          }
        }
      }
      return loss.getFloat();
    }
  }

  @Override
  public void close() {
    manager.close();
    training.close();
    serving.close();
  }
}
