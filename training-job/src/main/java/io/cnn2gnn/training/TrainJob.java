package io.cnn2gnn.training;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.BundleAssembly;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.data.DataSets;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Views;
import io.cnn2gnn.training.files.AtomicFile;
import io.cnn2gnn.training.files.Keys;
import io.cnn2gnn.training.fit.Answers;
import io.cnn2gnn.training.fit.Fitted;
import io.cnn2gnn.training.fit.StudentFit;
import io.cnn2gnn.training.report.Report;
import io.cnn2gnn.training.teacher.AnswerBook;
import io.cnn2gnn.training.teacher.Responder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Trains a teacher or takes a ready one, distils it into a student, measures both on the test split
 * and writes a bundle with its report. A run that was killed goes on where its last epoch ended; a
 * teacher, and its answers, are reused by later runs with the same work folder and settings.
 */
public final class TrainJob {
  private static final int GOLDEN = 16;
  private static final int CURVE_IMAGES = 1000;

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
  public Bundle run() throws IOException, BundleException, InterruptedException {
    Device device = Torch.device(options.device());
    DataSet data = DataSets.read(options.data(), options.reading());
    Split split = Split.of(data, options.validation(), options.seed());
    ImageSet train = split.train();
    InputSpec input = input(train);
    StudentSpec spec = options.student().spec(input, train.classes().size());
    check(train, spec);
    AtomicFile.prepare(options.work());
    AtomicFile.prepare(options.out().toAbsolutePath().getParent());
    ImageSet labelled = train.subset(train.labelled());
    try (Responder teacher =
        Teachers.open(
            options.teacher(),
            input,
            labelled,
            split.heldOut(),
            options.teacherSeed(),
            device,
            options.work(),
            () -> listener.phase("teacher"))) {
      String digest = Keys.of(train.digest());
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("teacherAccuracy", Answers.accuracy(teacher, data.test()));
      // One seed for the views of all students, so that they share the teacher's answers.
      Views views = new Views(train, options.augment(), options.teacherSeed() + 2);
      String pages = Keys.of(teacher.key(), digest, options.augment(), options.teacherSeed());
      AnswerBook answers =
          new AnswerBook(teacher, views, options.work().resolve("answers-" + pages));
      String run = Keys.of(spec, pages, options.schedule(), options.recipe(), options.seed());
      Path files = options.work().resolve("student-" + run);
      Fitted fitted =
          StudentFit.fit(
              new StudentFit.Task(
                  spec,
                  views,
                  answers,
                  split.heldOut(),
                  options.schedule(),
                  options.recipe(),
                  options.seed(),
                  device,
                  files),
              listener.phase("student"));
      BundleAssembly.Labelled prototypes = prototypes(labelled);
      Bundle draft = bundle(spec, teacher, labelled, prototypes, data.test(), fitted, device);
      Evaluation evaluation = Evaluation.of(draft, data.test(), options.seed(), device);
      metrics.putAll(evaluation.metrics());
      metrics.put("macs", (double) Student.macs(spec));
      if (teacher.macs() > 0) {
        metrics.put("teacherMacs", (double) teacher.macs());
      }
      metrics.putAll(Timing.of(draft, Optional.of(teacher), data.test(), device));
      Bundle bundle =
          new Bundle(
              draft.card().with(metrics), fitted.tensors(), draft.prototypes(), draft.golden());
      bundle.write(options.out());
      Report.write(
          reportFolder(),
          new Report.Contents(
              bundle, fitted.history(), evaluation.confusion(data.test()), data.test(), prototypes),
          device);
      Files.deleteIfExists(files.resolveSibling(files.getFileName() + ".checkpoint"));
      return bundle;
    }
  }

  private Path reportFolder() {
    return options.out().resolveSibling(options.out().getFileName() + ".report");
  }

  private void check(ImageSet train, StudentSpec spec) throws IOException {
    int batch = Math.max(options.schedule().batch(), options.teacher().schedule().batch());
    if (train.labelled().length < batch) {
      throw new IOException(
          "%s has %d labelled training images, fewer than one batch of %d; choose a smaller --batch"
              .formatted(options.data(), train.labelled().length, batch));
    }
    if (options.schedule().batch() < spec.neighbours() + 2) {
      throw new IOException(
          "a batch of %d images gives none of them %d neighbours; choose a larger --batch or fewer"
                  .formatted(options.schedule().batch(), spec.neighbours())
              + " --neighbours");
    }
  }

  private Bundle bundle(
      StudentSpec student,
      Responder teacher,
      ImageSet train,
      BundleAssembly.Labelled prototypes,
      ImageSet test,
      Fitted fitted,
      Device device) {
    ModelCard card =
        new ModelCard(
            options.name(),
            options.version(),
            Bundle.space(fitted.tensors()),
            train.classes(),
            student,
            "%s, %d images".formatted(train.name(), train.size()),
            teacher.name(),
            options.command(),
            options.seed(),
            Map.of());
    byte[] golden = test.samples(0, Math.min(GOLDEN, test.size()));
    return BundleAssembly.assemble(card, fitted.tensors(), prototypes, golden, device);
  }

  /** The first images of each class, in the order of the set. */
  private BundleAssembly.Labelled prototypes(ImageSet train) {
    int[] taken = new int[train.classes().size()];
    int[] chosen =
        IntStream.range(0, train.size())
            .filter(i -> taken[train.labels()[i]]++ < options.prototypesPerClass())
            .toArray();
    List<String> ids = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (int i : chosen) {
      ids.add(train.id(i));
      labels.add(train.labels()[i]);
    }
    return new BundleAssembly.Labelled(ids, labels, train.subset(chosen).pixels());
  }

  /**
   * The images to learn from and those for the learning curve: a share of the training images, or
   * where none is held out the first of the test split, by which nothing is chosen.
   */
  private record Split(ImageSet train, ImageSet heldOut) {
    static Split of(DataSet data, double validation, long seed) {
      ImageSet train = data.train();
      int count = (int) Math.round(validation * train.size());
      if (count == 0) {
        int shown = Math.min(CURVE_IMAGES, data.test().size());
        return new Split(train, data.test().subset(IntStream.range(0, shown).toArray()));
      }
      int[] order = Views.shuffled(train.size(), seed);
      int[] held =
          Arrays.stream(order, 0, count)
              .filter(i -> train.labels()[i] != ImageSet.UNLABELLED)
              .sorted()
              .toArray();
      int[] rest =
          IntStream.concat(
                  Arrays.stream(order, count, order.length),
                  Arrays.stream(order, 0, count)
                      .filter(i -> train.labels()[i] == ImageSet.UNLABELLED))
              .sorted()
              .toArray();
      return new Split(train.subset(rest), train.subset(held));
    }
  }

  /** Mean and deviation per channel over the training images. */
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
