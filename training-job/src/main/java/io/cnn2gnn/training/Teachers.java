package io.cnn2gnn.training;

import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.net.Teacher;
import io.cnn2gnn.model.torch.SafeTensors;
import io.cnn2gnn.training.data.Augment;
import io.cnn2gnn.training.data.Views;
import io.cnn2gnn.training.files.Keys;
import io.cnn2gnn.training.fit.Fitted;
import io.cnn2gnn.training.fit.Progress;
import io.cnn2gnn.training.fit.Schedule;
import io.cnn2gnn.training.fit.TeacherFit;
import io.cnn2gnn.training.teacher.OnnxTeacher;
import io.cnn2gnn.training.teacher.Responder;
import io.cnn2gnn.training.teacher.TrainedTeacher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds a teacher: a ready one, one that an earlier run trained, or a new one. */
public final class Teachers {
  private static final Logger LOG = LoggerFactory.getLogger(Teachers.class);

  private Teachers() {}

  /**
   * How a teacher is made.
   *
   * @param name of the ResNet family, such as {@code resnet20}, or an .onnx file
   * @param mean per channel that a ready teacher's input is normalised by
   * @param deviation likewise
   * @param schedule how one of the family learns
   * @param augment the views it learns from
   */
  public record Options(
      String name, List<Float> mean, List<Float> deviation, Schedule schedule, Augment augment) {}

  /**
   * Opens the teacher, training it first where it has to be.
   *
   * @param progress of its training, if there is one
   */
  static Responder open(Plan plan, Supplier<Progress> progress)
      throws IOException, InterruptedException {
    Options options = plan.options().teacher();
    if (isReady(options)) {
      return new OnnxTeacher(
          Path.of(options.name()),
          plan.input(),
          options.mean(),
          options.deviation(),
          plan.labelled().classes());
    }
    Teacher.Spec spec = spec(plan);
    Path files = files(plan, spec);
    Path file = weights(files);
    if (Files.exists(file)) {
      LOG.info("using the teacher trained before, {}", file);
    } else {
      Fitted fitted =
          TeacherFit.fit(
              spec,
              views(plan),
              plan.heldOut(),
              options.schedule(),
              plan.options().teacherSeed(),
              plan.device(),
              files,
              progress.get());
      AtomicFile.write(file, out -> SafeTensors.write(fitted.tensors(), out));
      Files.deleteIfExists(files.resolveSibling(files.getFileName() + ".checkpoint"));
    }
    try {
      return new TrainedTeacher(spec, SafeTensors.read(file), plan.device());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          file + " is damaged (" + e.getMessage() + "); remove it to train the teacher again", e);
    }
  }

  private static boolean isReady(Options options) {
    return options.name().endsWith(".onnx");
  }

  private static Teacher.Spec spec(Plan plan) {
    String name = plan.options().teacher().name();
    return Teacher.Spec.parse(name, plan.input(), plan.labelled().classes().size());
  }

  private static Views views(Plan plan) {
    TrainOptions options = plan.options();
    return new Views(plan.labelled(), options.teacher().augment(), options.teacherSeed() + 1);
  }

  /** Without ending. */
  private static Path files(Plan plan, Teacher.Spec spec) {
    Options options = plan.options().teacher();
    String key =
        Keys.of(
            plan.labelled().digest(),
            spec,
            options.schedule(),
            options.augment(),
            plan.options().teacherSeed());
    return plan.options().work().resolve("teacher-%s-%s".formatted(spec.name(), key));
  }

  private static Path weights(Path files) {
    return files.resolveSibling(files.getFileName() + ".safetensors");
  }

  /** How many epochs {@link #open} would train; 0 for a teacher that is ready. */
  static int epochsLeft(Plan plan) throws IOException {
    Options options = plan.options().teacher();
    if (isReady(options)) {
      return 0;
    }
    Path files = files(plan, spec(plan));
    return Files.exists(weights(files))
        ? 0
        : options.schedule().epochs() - TeacherFit.epochsDone(files);
  }

  /** How long an epoch's steps take on this device. */
  static double secondsPerEpoch(Plan plan) {
    Schedule schedule = plan.options().teacher().schedule();
    int steps = plan.labelled().size() / schedule.batch();
    return steps
        * TeacherFit.secondsPerStep(
            spec(plan), views(plan), plan.heldOut(), schedule, plan.device());
  }

  /** A teacher of the same shape that has learned nothing: it answers as fast. */
  static Responder untrained(Plan plan) {
    Teacher.Spec spec = spec(plan);
    return new TrainedTeacher(spec, Teacher.initial(spec, 0), plan.device());
  }
}
