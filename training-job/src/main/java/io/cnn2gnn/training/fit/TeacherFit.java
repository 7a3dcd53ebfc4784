package io.cnn2gnn.training.fit;

import ai.djl.Device;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.optimizer.Optimizer;
import io.cnn2gnn.model.net.Images;
import io.cnn2gnn.model.net.Teacher;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.TorchModule;
import io.cnn2gnn.training.data.Batches;
import io.cnn2gnn.training.data.ImageSet;
import java.util.Map;
import java.util.Random;

/** Trains a teacher by cross entropy on augmented views. */
public final class TeacherFit {
  private TeacherFit() {}

  /** Returns the trained tensors. */
  public static Map<String, Tensor> fit(
      Teacher.Spec spec,
      ImageSet train,
      Schedule schedule,
      long seed,
      Device device,
      Progress progress) {
    int perEpoch = train.size() / schedule.batch();
    Optimizer optimizer = schedule.optimizer(perEpoch * schedule.epochs());
    Batches batches = new Batches(train, new Random(seed + 1));
    try (TorchModule module =
        TorchModule.trainable(Teacher.script(spec, Teacher.initial(spec, seed)), device)) {
      for (int epoch = 0; epoch < schedule.epochs(); epoch++) {
        batches.shuffle();
        progress.epoch(epoch + 1, schedule.epochs(), perEpoch * schedule.batch());
        for (int step = 0; step < perEpoch; step++) {
          Batches.Batch b =
              batches.augmented(step * schedule.batch(), (step + 1) * schedule.batch());
          try (NDManager scope = module.newManager()) {
            NDList out =
                module.step(
                    optimizer,
                    Images.batch(scope, spec.input(), b.pixels()),
                    scope.create(b.labels()));
            progress.step(b.labels().length, out.head().getFloat());
          }
        }
      }
      return module.tensors();
    }
  }
}
