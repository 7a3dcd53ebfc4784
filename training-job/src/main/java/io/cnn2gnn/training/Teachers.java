package io.cnn2gnn.training;

import ai.djl.Device;
import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.net.Teacher;
import io.cnn2gnn.model.torch.SafeTensors;
import io.cnn2gnn.training.data.Augment;
import io.cnn2gnn.training.data.ImageSet;
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
   * @param train labelled images
   * @param heldOut for its learning curve
   * @param work folder that keeps trained teachers
   */
  public static Responder open(
      Options options,
      InputSpec input,
      ImageSet train,
      ImageSet heldOut,
      long seed,
      Device device,
      Path work,
      Supplier<Progress> progress)
      throws IOException, InterruptedException {
    if (options.name().endsWith(".onnx")) {
      return new OnnxTeacher(
          Path.of(options.name()), input, options.mean(), options.deviation(), train.classes());
    }
    Teacher.Spec spec = Teacher.Spec.parse(options.name(), input, train.classes().size());
    String key =
        "teacher-%s-%s"
            .formatted(
                spec.name(),
                Keys.of(train.digest(), spec, options.schedule(), options.augment(), seed));
    Path file = work.resolve(key + ".safetensors");
    if (Files.exists(file)) {
      LOG.info("using the teacher trained before, {}", file);
    } else {
      Fitted fitted =
          TeacherFit.fit(
              spec,
              new Views(train, options.augment(), seed + 1),
              heldOut,
              options.schedule(),
              seed,
              device,
              work.resolve(key),
              progress.get());
      AtomicFile.write(file, SafeTensors.write(fitted.tensors()));
      Files.deleteIfExists(work.resolve(key + ".checkpoint"));
    }
    try {
      return new TrainedTeacher(spec, SafeTensors.read(Files.readAllBytes(file)), device);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          file + " is damaged (" + e.getMessage() + "); remove it to train the teacher again", e);
    }
  }
}
