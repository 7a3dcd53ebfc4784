package io.cnn2gnn.training;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.BundleAssembly;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.net.Teacher;
import io.cnn2gnn.model.torch.SafeTensors;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.model.torch.TorchModule;
import io.cnn2gnn.training.data.Idx;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.fit.StudentFit;
import io.cnn2gnn.training.fit.TeacherFit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a teacher, distils it into a student, measures both on the test split and writes a bundle.
 * A teacher trained by an earlier run with the same settings is used again.
 */
public final class TrainJob {
  private static final Logger LOG = LoggerFactory.getLogger(TrainJob.class);
  private static final int PROJECTION = 32;
  private static final int HIDDEN = 128;
  private static final int GOLDEN = 16;

  private final TrainOptions options;
  private final TrainListener listener;

  public TrainJob(TrainOptions options, TrainListener listener) {
    this.options = options;
    this.listener = listener;
  }

  /**
   * Runs to the end.
   *
   * @return the bundle that was written
   * @throws IOException if the data cannot be read or the bundle not written, naming the file
   * @throws BundleException if the finished model fails its own self-test
   */
  public Bundle run() throws IOException, BundleException {
    Device device = Torch.device(options.device());
    Idx.Splits data = Idx.read(options.data(), options.classes());
    ImageSet train = data.train();
    if (train.size() < options.schedule().batch()) {
      throw new IOException(
          options.data() + " has " + train.size() + " training images, fewer than one batch");
    }
    InputSpec input = input(train);
    int classes = train.classes().size();
    Teacher.Spec teacherSpec =
        new Teacher.Spec(input, options.teacherDepth(), options.teacherWidth(), classes);
    StudentSpec studentSpec =
        new StudentSpec(
            input,
            options.widths(),
            options.strides(),
            options.pool(),
            PROJECTION,
            HIDDEN,
            classes,
            options.neighbours(),
            options.mix());
    Map<String, Double> metrics = new LinkedHashMap<>();
    Map<String, Tensor> weights;
    try (TorchModule teacher =
        TorchModule.frozen(
            Teacher.script(teacherSpec, teacher(teacherSpec, train, device)), device)) {
      metrics.put("teacherAccuracy", Evaluation.teacher(teacher, input, data.test()));
      weights =
          StudentFit.fit(
              studentSpec,
              teacher,
              train,
              options.schedule(),
              options.recipe(),
              options.seed(),
              device,
              listener.phase("student"));
    }
    Bundle draft = bundle(studentSpec, teacherSpec, train, data.test(), weights, metrics, device);
    try (StudentModel model = StudentModel.open(draft, device, Candidates.BOTH)) {
      metrics.putAll(Evaluation.student(model, data.test(), options.seed()));
    }
    Bundle bundle =
        new Bundle(draft.card().with(metrics), weights, draft.prototypes(), draft.golden());
    bundle.write(options.out());
    return bundle;
  }

  private Map<String, Tensor> teacher(Teacher.Spec spec, ImageSet train, Device device)
      throws IOException {
    Path work = options.out().resolveSibling(options.out().getFileName() + ".work");
    Files.createDirectories(work);
    String key =
        "%s-%s-%08x-%s-%d"
            .formatted(
                spec.name(),
                train.name().replace('/', '-'),
                31 * Arrays.hashCode(train.pixels()) + Arrays.hashCode(train.labels()),
                Integer.toHexString(options.teacherSchedule().hashCode()),
                options.seed());
    Path file = work.resolve("teacher-" + key + ".safetensors");
    if (Files.exists(file)) {
      LOG.info("using the teacher trained before, {}", file);
      return SafeTensors.read(Files.readAllBytes(file));
    }
    Map<String, Tensor> tensors =
        TeacherFit.fit(
            spec,
            train,
            options.teacherSchedule(),
            options.seed(),
            device,
            listener.phase("teacher"));
    Path temporary = work.resolve(file.getFileName() + ".tmp");
    Files.write(temporary, SafeTensors.write(tensors));
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    return tensors;
  }

  private Bundle bundle(
      StudentSpec student,
      Teacher.Spec teacher,
      ImageSet train,
      ImageSet test,
      Map<String, Tensor> weights,
      Map<String, Double> metrics,
      Device device) {
    ModelCard card =
        new ModelCard(
            options.name(),
            options.version(),
            Bundle.space(weights),
            train.classes(),
            student,
            "%s, %d images".formatted(train.name(), train.size()),
            "%s, %d epochs".formatted(teacher.name(), options.teacherSchedule().epochs()),
            options.command(),
            options.seed(),
            metrics);
    byte[] golden = new byte[Math.min(GOLDEN, test.size()) * test.imageBytes()];
    System.arraycopy(test.pixels(), 0, golden, 0, golden.length);
    return BundleAssembly.assemble(card, weights, prototypes(train), golden, device);
  }

  /** The first images of each class, in the order of the set. */
  private BundleAssembly.Labelled prototypes(ImageSet train) {
    int[] taken = new int[train.classes().size()];
    List<String> ids = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    byte[] pixels = new byte[taken.length * options.prototypesPerClass() * train.imageBytes()];
    for (int i = 0; i < train.size(); i++) {
      int label = train.labels()[i];
      if (taken[label] < options.prototypesPerClass()) {
        int at = ids.size() * train.imageBytes();
        System.arraycopy(train.pixels(), i * train.imageBytes(), pixels, at, train.imageBytes());
        taken[label]++;
        ids.add(train.id(i));
        labels.add(label);
      }
    }
    return new BundleAssembly.Labelled(
        ids, labels, Arrays.copyOf(pixels, ids.size() * train.imageBytes()));
  }

  private static InputSpec input(ImageSet train) {
    List<Float> means = new ArrayList<>();
    List<Float> deviations = new ArrayList<>();
    for (int c = 0; c < train.channels(); c++) {
      double sum = 0;
      double squares = 0;
      long count = 0;
      for (int i = c; i < train.pixels().length; i += train.channels()) {
        double x = (train.pixels()[i] & 255) / 255.0;
        sum += x;
        squares += x * x;
        count++;
      }
      double mean = sum / count;
      means.add((float) mean);
      deviations.add((float) Math.max(1e-3, Math.sqrt(squares / count - mean * mean)));
    }
    return new InputSpec(train.height(), train.width(), train.channels(), means, deviations);
  }
}
