package io.cnn2gnn.training.fit;

import io.cnn2gnn.model.torch.Tensor;
import java.io.IOException;
import java.util.Map;

/** A model in training, as {@link Fit} drives it. */
interface Learner extends AutoCloseable {
  /** Called before the first step of an epoch, counted from 0. */
  void begin(int epoch) throws IOException;

  /**
   * One step on images of the training set.
   *
   * @param step counted from 0 over the whole run
   * @param rate the learning rate
   */
  Step step(long step, int epoch, int[] images, float rate);

  /**
   * What a step gave.
   *
   * @param loss before the update
   * @param right images that were answered by their label
   * @param labelled images that have one
   */
  record Step(float loss, int right, int labelled) {}

  /** Accuracy on the images held out, as the model stands. */
  double heldOut();

  /** The trained tensors. */
  Map<String, Tensor> tensors();

  /** All else that an unbroken run would go on with. */
  Map<String, Tensor> state();

  @Override
  void close();
}
