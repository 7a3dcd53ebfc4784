package io.cnn2gnn.training.fit;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import io.cnn2gnn.model.net.Images;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.TorchModule;
import io.cnn2gnn.training.data.Batches;
import io.cnn2gnn.training.data.ImageSet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;

/**
 * Distils a teacher into a student, in the conditions it will serve in: beside the batch the graph
 * spans a memory of the rows of recent batches, as a bank does, and for a fraction of the steps the
 * graph is dropped (A = I) so that a lone image is answered well. The teacher answers the very view
 * that the student sees.
 */
public final class StudentFit {
  private StudentFit() {}

  /**
   * What is learned from the teacher, and how.
   *
   * @param lambda weight of the teacher's answers beside the labels, in [0, 1]
   * @param temperature softens both answers, at least 1
   * @param memory rows of past batches in the graph
   * @param dropGraph fraction of the steps without a graph, in [0, 1)
   */
  public record Recipe(float lambda, float temperature, int memory, float dropGraph) {
    public Recipe {
      if (!(lambda >= 0 && lambda <= 1 && temperature >= 1 && dropGraph >= 0 && dropGraph < 1)
          || memory < 0) {
        throw new IllegalArgumentException(
            "a recipe needs lambda in 0..1, temperature >= 1, memory >= 0, drop-graph in 0..1");
      }
    }
  }

  /** Returns the trained tensors. */
  public static Map<String, Tensor> fit(
      StudentSpec spec,
      TorchModule teacher,
      ImageSet train,
      Schedule schedule,
      Recipe recipe,
      long seed,
      Device device,
      Progress progress) {
    int size = schedule.batch();
    int perEpoch = train.size() / size;
    Optimizer optimizer = schedule.optimizer(perEpoch * schedule.epochs());
    Random random = new Random(seed + 2);
    Batches batches = new Batches(train, random);
    Deque<NDArray> memory = new ArrayDeque<>();
    try (TorchModule module =
            TorchModule.trainable(Student.training(spec, Student.initial(spec, seed)), device);
        NDManager kept = module.newManager()) {
      NDArray none = kept.zeros(new Shape(0, spec.rowLength()));
      for (int epoch = 0; epoch < schedule.epochs(); epoch++) {
        batches.shuffle();
        progress.epoch(epoch + 1, schedule.epochs(), perEpoch * size);
        for (int step = 0; step < perEpoch; step++) {
          Batches.Batch b = batches.augmented(step * size, (step + 1) * size);
          try (NDManager scope = module.newManager()) {
            float mix = random.nextFloat() < recipe.dropGraph() ? 0 : spec.mix();
            NDList out =
                module.step(
                    optimizer,
                    Images.batch(scope, spec.input(), b.pixels()),
                    memory.isEmpty() ? none : recent(memory, scope),
                    scope.create(mix),
                    scope.create(b.labels()),
                    answers(teacher, scope, spec, b),
                    scope.create(recipe.lambda()),
                    scope.create(recipe.temperature()));
            remember(memory, out.get(2), kept, recipe.memory() / size);
            progress.step(size, out.head().getFloat());
          }
        }
      }
      return module.tensors();
    }
  }

  private static NDArray recent(Deque<NDArray> memory, NDManager scope) {
    NDArray rows = NDArrays.concat(new NDList(memory), 0);
    rows.attach(scope);
    return rows;
  }

  private static void remember(Deque<NDArray> memory, NDArray rows, NDManager kept, int batches) {
    if (batches == 0) {
      return;
    }
    rows.attach(kept);
    memory.addLast(rows);
    if (memory.size() > batches) {
      memory.removeFirst().close();
    }
  }

  /** The teacher's logits, copied: what inference mode returns must not enter an autograd graph. */
  private static NDArray answers(
      TorchModule teacher, NDManager scope, StudentSpec spec, Batches.Batch batch) {
    try (NDManager own = teacher.newManager()) {
      float[] logits =
          teacher
              .run("logits", Images.batch(own, spec.input(), batch.pixels()))
              .head()
              .toFloatArray();
      return scope.create(logits, new Shape(batch.labels().length, spec.classes()));
    }
  }
}
