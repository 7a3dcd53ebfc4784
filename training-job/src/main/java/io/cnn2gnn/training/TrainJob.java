package io.cnn2gnn.training;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.inference.BundleAssembly;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Views;
import io.cnn2gnn.training.files.Keys;
import io.cnn2gnn.training.fit.Answers;
import io.cnn2gnn.training.fit.Fitted;
import io.cnn2gnn.training.fit.StudentFit;
import io.cnn2gnn.training.report.Report;
import io.cnn2gnn.training.teacher.AnswerBook;
import io.cnn2gnn.training.teacher.Responder;
import java.awt.AWTError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a teacher or takes a ready one, distils it into a student, measures both on the test split
 * and writes a bundle with its report. A run that was killed goes on where its last epoch ended; a
 * teacher, and its answers, are reused by later runs with the same work folder and settings.
 */
public final class TrainJob {
  private static final int GOLDEN = 16;
  private static final int CURVE_IMAGES = 1000;

  /** They are embedded in one graph of themselves. */
  private static final int PROTOTYPES = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(TrainJob.class);

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
    DataSet data = options.data().read();
    Split split = Split.of(data, options.validation(), options.teacherSeed());
    ImageSet train = split.train();
    InputSpec input = input(train);
    StudentSpec spec = options.student().spec(input, train.classes().size());
    check(train, spec);
    AtomicFile.prepare(options.work());
    AtomicFile.prepare(options.out().toAbsolutePath().getParent());
    ImageSet labelled = train.subset(train.labelled());
    // Nobody answers for unlabelled images where there is no distillation.
    ImageSet learned = options.recipe().withoutTeacher() ? labelled : train;
    ImageSet shown = sample(data.test(), GOLDEN, options.teacherSeed());
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
      String digest = Keys.of(learned.digest());
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("teacherAccuracy", Answers.accuracy(teacher, data.test()));
      // One seed for the views of all students, so that they share the teacher's answers.
      Views views = new Views(learned, options.augment(), options.teacherSeed() + 2);
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
      Bundle draft = bundle(spec, teacher, labelled, prototypes, shown, fitted, device);
      Evaluation evaluation = Evaluation.of(draft, data.test(), options.seed(), device);
      metrics.putAll(Student.shares(fitted.tensors()));
      metrics.put("macs", (double) Student.macs(spec));
      if (teacher.macs() > 0) {
        metrics.put("teacherMacs", (double) teacher.macs());
      }
      metrics.putAll(Timing.of(draft, Optional.of(teacher), data.test(), device));
      Bundle bundle =
          new Bundle(
              draft.card().with(evaluation.addedTo(metrics)),
              fitted.tensors(),
              draft.prototypes(),
              draft.golden());
      bundle.write(options.out());
      Files.deleteIfExists(files.resolveSibling(files.getFileName() + ".checkpoint"));
      report(
          new Report.Contents(
              bundle, fitted.history(), evaluation.confusion(data.test()), shown, prototypes),
          device);
      return bundle;
    }
  }

  /** A run is done when its bundle is written; pictures need fonts, which not every host has. */
  private void report(Report.Contents contents, Device device) throws BundleException {
    Path folder = options.out().resolveSibling(options.out().getFileName() + ".report");
    try {
      Report.write(folder, contents, device);
    } catch (IOException | RuntimeException | LinkageError | AWTError | InternalError e) {
      LOG.warn("{} is written, but not all of its report {}", options.out(), folder, e);
    }
  }

  private void check(ImageSet train, StudentSpec spec) throws IOException {
    int batch = Math.max(options.schedule().batch(), options.teacher().schedule().batch());
    if (train.labelled().length < batch) {
      throw new IOException(
          "%s has %d labelled training images, fewer than one batch of %d; choose a smaller --batch"
              .formatted(options.data(), train.labelled().length, batch));
    }
    int memory = options.recipe().memory();
    if (memory > 0 && memory < options.schedule().batch()) {
      throw new IOException(
          "a memory of %d rows cannot hold a batch of %d; choose --memory 0 or a larger one"
              .formatted(memory, options.schedule().batch()));
    }
    if (Files.isDirectory(options.out())) {
      throw new IOException(options.out() + " is a folder; name the file of the bundle");
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
      ImageSet shown,
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
    return BundleAssembly.assemble(card, fitted.tensors(), prototypes, shown.pixels(), device);
  }

  /** The first images of each class, in the order of the set. */
  private BundleAssembly.Labelled prototypes(ImageSet train) {
    int perClass =
        Math.max(1, Math.min(options.prototypesPerClass(), PROTOTYPES / train.classes().size()));
    int[] taken = new int[train.classes().size()];
    int[] chosen =
        IntStream.range(0, train.size())
            .filter(i -> taken[train.labels()[i]]++ < perClass)
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
   * The images to learn from and those for the learning curve: a share of each class's training
   * images, or where none is held out some of the test split, by which nothing is chosen.
   */
  private record Split(ImageSet train, ImageSet heldOut) {
    static Split of(DataSet data, double validation, long seed) throws IOException {
      ImageSet train = data.train();
      if (validation == 0) {
        return new Split(train, sample(data.test(), CURVE_IMAGES, seed));
      }
      int[] left = new int[train.classes().size()];
      for (int i : train.labelled()) {
        left[train.labels()[i]]++;
      }
      for (int c = 0; c < left.length; c++) {
        left[c] = (int) Math.min(left[c] - 1, Math.round(validation * left[c]));
      }
      int[] held =
          Arrays.stream(Views.shuffled(train.size(), seed))
              .filter(i -> train.labels()[i] != ImageSet.UNLABELLED)
              .filter(i -> left[train.labels()[i]]-- > 0)
              .toArray();
      if (held.length == 0) {
        throw new IOException(
            "a share of %s of %s holds no image out; choose a larger --validation"
                .formatted(validation, train.name()));
      }
      Set<Integer> out = Arrays.stream(held).boxed().collect(Collectors.toSet());
      int[] rest = IntStream.range(0, train.size()).filter(i -> !out.contains(i)).toArray();
      return new Split(train.subset(rest), train.subset(held));
    }
  }

  /** So many images in a random order, since files often come class by class. */
  private static ImageSet sample(ImageSet set, int count, long seed) {
    int[] order = Views.shuffled(set.size(), seed);
    return set.subset(Arrays.copyOf(order, Math.min(count, order.length)));
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
