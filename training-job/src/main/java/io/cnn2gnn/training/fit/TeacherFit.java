package io.cnn2gnn.training.fit;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.cnn2gnn.model.net.Images;
import io.cnn2gnn.model.net.Teacher;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.TorchModule;
import io.cnn2gnn.training.data.Views;
import io.cnn2gnn.training.teacher.TrainedTeacher;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Trains a teacher by cross entropy on augmented views of the labelled images. */
public final class TeacherFit {
  private TeacherFit() {}

  /**
   * Trains, going on from the checkpoint if there is one.
   *
   * @param heldOut images for the learning curve
   * @param files without ending: {@code .checkpoint} and {@code .csv}
   */
  public static Fitted fit(
      Teacher.Spec spec,
      Views train,
      HeldOut heldOut,
      Schedule schedule,
      long seed,
      Device device,
      Path files,
      Progress progress)
      throws IOException, InterruptedException {
    return Fit.run(
        saved -> new TeacherLearner(spec, train, heldOut, schedule, seed, device, saved),
        train,
        heldOut.split(),
        schedule,
        files,
        progress);
  }

  /** How many epochs a run with these files has behind it. */
  public static int epochsDone(Path files) throws IOException {
    return Fit.epochsDone(files);
  }

  /** How long a step takes on this device, measured with a teacher that is thrown away. */
  public static double secondsPerStep(
      Teacher.Spec spec, Views train, HeldOut heldOut, Schedule schedule, Device device) {
    try (TeacherLearner learner =
        new TeacherLearner(spec, train, heldOut, schedule, 0, device, Optional.empty())) {
      return Pace.secondsPerStep(learner, train, schedule, 0);
    }
  }

  private static final class TeacherLearner implements Learner {
    private final Teacher.Spec spec;
    private final Views train;
    private final HeldOut heldOut;
    private final Device device;
    private final TorchModule module;
    private final AdamW optimizer;

    TeacherLearner(
        Teacher.Spec spec,
        Views train,
        HeldOut heldOut,
        Schedule schedule,
        long seed,
        Device device,
        Optional<Checkpoint> saved) {
      this.spec = spec;
      this.train = train;
      this.heldOut = heldOut;
      this.device = device;
      Map<String, Tensor> tensors =
          saved.map(Checkpoint::tensors).orElseGet(() -> Teacher.initial(spec, seed));
      module = TorchModule.trainable(Teacher.training(spec, tensors), device);
      optimizer =
          new AdamW(
              module.newManager(), schedule.decay(), saved.map(Checkpoint::state).orElse(Map.of()));
    }

    @Override
    public void begin(int epoch) {}

    @Override
    public Step step(long step, int epoch, int[] images, float rate) {
      try (NDManager scope = module.newManager()) {
        optimizer.begin(step, rate);
        byte[] samples = train.samples(images, train.number(epoch));
        long[] labels = train.set().labels(images);
        NDList out =
            module.step(
                optimizer, Images.batch(scope, spec.input(), samples), scope.create(labels));
        return new Step(out.head().getFloat(), Answers.right(out.get(1), labels), images.length);
      }
    }

    @Override
    public double heldOut() {
      try (TrainedTeacher now = new TrainedTeacher(spec, module.tensors(), device)) {
        return Answers.accuracy(now, heldOut.images());
      }
    }

    @Override
    public Map<String, Tensor> tensors() {
      return module.tensors();
    }

    @Override
    public Map<String, Tensor> state() {
      return optimizer.state();
    }

    @Override
    public void close() {
      optimizer.close();
      module.close();
    }
  }
}
