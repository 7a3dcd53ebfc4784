package io.cnn2gnn.training;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.inference.BundleAssembly;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.fit.Answers;
import io.cnn2gnn.training.fit.EvidenceFit;
import io.cnn2gnn.training.fit.Fitted;
import io.cnn2gnn.training.fit.StudentFit;
import io.cnn2gnn.training.report.Report;
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

  /** Each image is compared with all of them. */
  private static final int PROTOTYPES = 2_000;

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
    Plan plan = Plan.of(options);
    ImageSet test = plan.test();
    Device device = plan.device();
    StudentSpec spec = plan.spec();
    check(plan);
    AtomicFile.prepare(options.work());
    AtomicFile.prepare(options.out().toAbsolutePath().getParent());
    ImageSet shown = Plan.sample(test, GOLDEN, options.teacherSeed());
    listener.begin(() -> Estimate.of(plan));
    try (Responder teacher = Teachers.open(plan, () -> listener.phase("teacher"))) {
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put("teacherAccuracy", Answers.accuracy(teacher, test));
      StudentFit.Task task = plan.task(teacher);
      Fitted fitted = StudentFit.fit(task, listener.phase("student"));
      ImageSet prototypes = prototypes(plan.fold().fitted());
      if (plan.fold().fresh().size() > 0) {
        listener.weighing(plan.fold().fresh().size());
      }
      Map<String, Tensor> weights =
          EvidenceFit.fit(
              spec,
              fitted.tensors(),
              prototypes,
              plan.fresh(),
              plan.fold().tracks(),
              options.seed(),
              device);
      listener.measuring(test.size());
      Bundle draft = bundle(plan, teacher, prototypes, shown, weights);
      Evaluation evaluation = Evaluation.of(draft, test, options.seed(), device);
      metrics.put("macs", (double) Student.macs(spec));
      if (teacher.macs() > 0) {
        metrics.put("teacherMacs", (double) teacher.macs());
      }
      metrics.putAll(Timing.of(draft, Optional.of(teacher), test, device));
      Bundle bundle =
          new Bundle(
              draft.card().with(evaluation.addedTo(metrics)),
              weights,
              draft.prototypes(),
              draft.golden());
      bundle.write(options.out());
      Files.deleteIfExists(task.files().resolveSibling(task.files().getFileName() + ".checkpoint"));
      report(
          new Report.Contents(
              bundle,
              fitted.history(),
              plan.heldOut().split(),
              test.size(),
              evaluation.confusion(test),
              shown,
              labelled(prototypes)),
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

  private void check(Plan plan) throws IOException {
    fill(plan.labelled(), options.teacher().schedule().batch());
    fill(plan.fold().fitted(), options.schedule().batch());
    int memory = options.recipe().memory();
    if (memory > 0 && memory < options.schedule().batch()) {
      throw new IOException(
          "a memory of %d rows cannot hold a batch of %d; choose --memory 0 or a larger one"
              .formatted(memory, options.schedule().batch()));
    }
    if (Files.isDirectory(options.out())) {
      throw new IOException(options.out() + " is a folder; name the file of the bundle");
    }
  }

  private void fill(ImageSet images, int batch) throws IOException {
    if (images.size() < batch) {
      throw new IOException(
          "%s has %d images to learn from, fewer than one batch of %d; choose a smaller --batch"
              .formatted(options.data(), images.size(), batch));
    }
  }

  private Bundle bundle(
      Plan plan,
      Responder teacher,
      ImageSet prototypes,
      ImageSet shown,
      Map<String, Tensor> weights) {
    ImageSet train = plan.labelled();
    ModelCard card =
        new ModelCard(
            options.name(),
            options.version(),
            Bundle.space(weights),
            train.classes(),
            plan.spec(),
            "%s, %d images".formatted(train.name(), train.size()),
            teacher.name(),
            options.command(),
            options.seed(),
            Map.of());
    return BundleAssembly.assemble(
        card, weights, labelled(prototypes), shown.pixels(), plan.device());
  }

  /** Images of each class, evenly spaced, since those that follow each other are often alike. */
  private ImageSet prototypes(ImageSet train) {
    int classes = train.classes().size();
    int most = Math.max(1, Math.min(options.prototypesPerClass(), PROTOTYPES / classes));
    List<List<Integer>> byClass = new ArrayList<>();
    train.classes().forEach(name -> byClass.add(new ArrayList<>()));
    for (int i : train.labelled()) {
      byClass.get(train.labels()[i]).add(i);
    }
    return train.subset(
        byClass.stream()
            .flatMapToInt(
                own -> {
                  int count = Math.min(most, own.size());
                  return IntStream.range(0, count)
                      .map(k -> own.get((int) ((long) k * own.size() / count)));
                })
            .toArray());
  }

  private static BundleAssembly.Labelled labelled(ImageSet prototypes) {
    return new BundleAssembly.Labelled(
        prototypes.ids(), Arrays.stream(prototypes.labels()).boxed().toList(), prototypes.pixels());
  }
}
