package io.cnn2gnn.training.fit;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.net.Images;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.TorchModule;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Views;
import io.cnn2gnn.training.teacher.AnswerBook;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Distils a teacher into a student that answers each image by itself, and teaches its metric which
 * images belong together: among batch mates and a memory of recent batches. The teacher answers the
 * very view that the student sees. What neighbours are worth is learned after it, by {@link
 * EvidenceFit}.
 */
public final class StudentFit {
  private StudentFit() {}

  /**
   * All that a run needs.
   *
   * @param spec shape of the student
   * @param views what it learns from; unlabelled images learn from the teacher alone
   * @param answers of the teacher to those views; not asked where the recipe has no use for them
   * @param heldOut images for the learning curve
   * @param files without ending: {@code .checkpoint} and {@code .csv}
   */
  public record Task(
      StudentSpec spec,
      Views views,
      AnswerBook answers,
      HeldOut heldOut,
      Schedule schedule,
      Recipe recipe,
      long seed,
      Device device,
      Path files) {
    /** True if the teacher is asked at all. */
    public boolean asks() {
      return !recipe.withoutTeacher() || views.set().hasUnlabelled();
    }
  }

  /** Trains, going on from the checkpoint if there is one. */
  public static Fitted fit(Task task, Progress progress) throws IOException, InterruptedException {
    return Fit.run(
        saved -> new StudentLearner(task, task.asks(), progress::answered, saved),
        task.views(),
        task.heldOut().split(),
        task.schedule(),
        task.files(),
        progress);
  }

  /** How many epochs a run with these files has behind it. */
  public static int epochsDone(Path files) throws IOException {
    return Fit.epochsDone(files);
  }

  /** How long a step takes beside a full memory, measured with a student that is thrown away. */
  public static double secondsPerStep(Task task) {
    try (StudentLearner learner = new StudentLearner(task, false, images -> {}, Optional.empty())) {
      int full = task.recipe().memory() / task.schedule().batch();
      return Pace.secondsPerStep(learner, task.views(), task.schedule(), full);
    }
  }

  private static final class StudentLearner implements Learner {
    private final Task task;
    private final boolean asks;
    private final IntConsumer answered;
    private final long steps;
    private final TorchModule module;

    /** What is not learned here. */
    private final Map<String, Tensor> others;

    private final AdamW optimizer;
    private final Memory memory;

    StudentLearner(Task task, boolean asks, IntConsumer answered, Optional<Checkpoint> saved) {
      this.task = task;
      this.asks = asks;
      this.answered = answered;
      StudentSpec spec = task.spec();
      ImageSet train = task.views().set();
      steps = (long) (train.size() / task.schedule().batch()) * task.schedule().epochs();
      Map<String, Tensor> tensors =
          saved.map(Checkpoint::tensors).orElseGet(() -> Student.initial(spec, task.seed()));
      others = new LinkedHashMap<>(tensors);
      Map<String, Tensor> state = saved.map(Checkpoint::state).orElse(Map.of());
      module = TorchModule.trainable(Student.training(spec, tensors), task.device());
      others.keySet().removeAll(module.tensors().keySet());
      memory = new Memory(module.newManager(), task.recipe().memory(), spec.projection(), state);
      optimizer = new AdamW(module.newManager(), task.schedule().decay(), state);
    }

    @Override
    public void begin(int epoch) throws IOException {
      if (asks) {
        task.answers().open(epoch, answered);
      }
    }

    @Override
    public Step step(long step, int epoch, int[] images, float rate) {
      StudentSpec spec = task.spec();
      int view = task.views().number(epoch);
      byte[] samples = task.views().samples(images, view);
      long[] labels = task.views().labels(images, view);
      double done = (double) step / steps;
      try (NDManager scope = module.newManager()) {
        optimizer.begin(step, rate);
        NDList out =
            module.step(
                optimizer,
                Images.batch(scope, spec.input(), samples),
                scope.create(longs(images)),
                scope.create(known(labels)),
                memory.rows(scope),
                scope.create(memory.images()),
                scope.create(known(memory.labels())),
                scope.create(labels),
                answers(scope, images, samples),
                scope.create(task.recipe().lambda(done)),
                scope.create(task.recipe().temperature(done)),
                scope.create(task.recipe().metric()));
        memory.add(out.get(2), longs(images), labels);
        return new Step(
            out.head().getFloat(),
            Answers.right(out.get(1), labels),
            (int) Arrays.stream(labels).filter(y -> y != ImageSet.UNLABELLED).count());
      }
    }

    private static long[] longs(int[] values) {
      long[] longs = new long[values.length];
      for (int i = 0; i < longs.length; i++) {
        longs[i] = values[i];
      }
      return longs;
    }

    /** Labels as the script takes them: class + 1, or 0. */
    private static long[] known(long[] labels) {
      return Arrays.stream(labels).map(label -> label + 1).toArray();
    }

    private NDArray answers(NDManager scope, int[] images, byte[] samples) {
      Shape shape = new Shape(images.length, task.spec().classes());
      return asks
          ? scope.create(task.answers().logits(images, samples), shape)
          : scope.zeros(shape);
    }

    @Override
    public double heldOut() {
      try (TorchModule now =
          TorchModule.frozen(
              Student.serving(task.spec(), tensors(), Candidates.BOTH), task.device())) {
        return Answers.accuracy(samples -> logits(now, samples), task.heldOut().images());
      }
    }

    private float[] logits(TorchModule now, byte[] samples) {
      try (NDManager scope = now.newManager()) {
        return now.run("alone", Images.batch(scope, task.spec().input(), samples))
            .head()
            .toFloatArray();
      }
    }

    @Override
    public Map<String, Tensor> tensors() {
      Map<String, Tensor> tensors = new LinkedHashMap<>(others);
      tensors.putAll(module.tensors());
      return tensors;
    }

    @Override
    public Map<String, Tensor> state() {
      Map<String, Tensor> state = new LinkedHashMap<>(optimizer.state());
      state.putAll(memory.state());
      return state;
    }

    @Override
    public void close() {
      optimizer.close();
      memory.close();
      module.close();
    }
  }
}
