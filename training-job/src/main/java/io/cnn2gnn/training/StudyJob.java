package io.cnn2gnn.training;

import com.google.common.math.Quantiles;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.model.files.AtomicFile;
import io.cnn2gnn.model.net.Head;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.fit.Progress;
import io.cnn2gnn.training.report.Figures;
import io.cnn2gnn.training.stream.Answering;
import io.cnn2gnn.training.stream.AnsweringException;
import io.cnn2gnn.training.stream.ServedTable;
import io.cnn2gnn.training.stream.StreamChart;
import io.cnn2gnn.training.stream.StreamStudy;
import io.cnn2gnn.training.stream.StreamTable;
import java.awt.AWTError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains variants of a student over several seeds with one teacher, and writes what they reached as
 * {@code study.csv} and {@code study.md}. Runs that an earlier call finished are read, not
 * repeated.
 */
public final class StudyJob {
  private static final Logger LOG = LoggerFactory.getLogger(StudyJob.class);

  private static final List<String> COLUMNS =
      List.of(
          "accuracy",
          "accuracyBatch1",
          "accuracyBankOnly",
          "accuracyNoGraph",
          "flipRate",
          "neighbourPurity",
          "millisPerImage");

  private final TrainOptions base;
  private final List<Variant> variants;
  private final List<Long> seeds;
  private final TrainListener listener;

  /**
   * Makes a study.
   *
   * @param base the student; its {@code out} is a folder here, its command one without a seed
   */
  public StudyJob(
      TrainOptions base, List<Variant> variants, List<Long> seeds, TrainListener listener) {
    this.base = base;
    this.variants = List.copyOf(variants);
    this.seeds = List.copyOf(seeds);
    this.listener = listener;
  }

  private record Run(Variant variant, long seed, Map<String, Double> metrics) {}

  /**
   * Runs to the end; the tables are written after each run.
   *
   * @return the table in Markdown
   */
  public String run() throws IOException, BundleException, InterruptedException {
    List<Run> runs = new ArrayList<>();
    String table = "";
    for (long seed : seeds) {
      for (Variant variant : variants) {
        Map<String, Double> metrics = card(variant, seed).metrics();
        runs.add(new Run(variant, seed, DriftReference.without(metrics)));
        table = table(runs);
        write("study.csv", csv(runs));
        write("study.md", table);
      }
    }
    return table;
  }

  /**
   * Trains the student for each seed and plays the test split to it as a stream; writes {@code
   * stream.csv}, {@code stream-courses.csv}, {@code stream.md} and, of the first seed, {@code
   * stream.png}. Of the first seed the streams are then played to a service, if there is one:
   * {@code served.csv} and {@code served.md} have both side by side.
   *
   * @return the tables in Markdown
   */
  public String stream(Optional<Answering.Factory> service)
      throws IOException, BundleException, AnsweringException, InterruptedException {
    ImageSet test = base.data().read().test();
    List<List<StreamStudy.Line>> lines = new ArrayList<>();
    List<Map<String, Double>> metrics = new ArrayList<>();
    String table = "";
    for (int i = 0; i < seeds.size(); i++) {
      card(Variant.STUDENT, seeds.get(i));
      Bundle bundle = student(seeds.get(i));
      lines.add(study(bundle, test).run(seeds.get(i)));
      metrics.add(bundle.card().metrics());
      table = StreamTable.markdown(lines) + teacher(metrics);
      write("stream.csv", StreamTable.csv(seeds, lines));
      write("stream-courses.csv", StreamTable.courses(seeds, lines));
      write("stream.md", table);
    }
    draw(lines.get(0));
    return service.isPresent() ? table + "\n" + served(test, lines.get(0), service.get()) : table;
  }

  private String served(ImageSet test, List<StreamStudy.Line> here, Answering.Factory service)
      throws IOException, BundleException, AnsweringException, InterruptedException {
    long seed = seeds.get(0);
    ServedTable table = new ServedTable(here, study(student(seed), test).run(seed, service));
    write("served.csv", table.csv());
    write("served.md", table.markdown());
    return table.markdown();
  }

  private Bundle student(long seed) throws BundleException {
    return Bundle.read(file(Variant.STUDENT, seed));
  }

  private StreamStudy study(Bundle bundle, ImageSet test) throws IOException {
    return new StreamStudy(
        bundle, test.inClasses(bundle.card().classes()), Torch.device(base.device()));
  }

  /** The tables are written; a picture needs fonts, which not every host has. */
  private void draw(List<StreamStudy.Line> lines) {
    Path picture = base.out().resolve("stream.png");
    try {
      AtomicFile.write(picture, StreamChart.png(lines));
    } catch (IOException | RuntimeException | LinkageError | AWTError | InternalError e) {
      LOG.warn("{} is not written", picture, e);
    }
  }

  private static String teacher(List<Map<String, Double>> runs) {
    double teacher = median(runs, "teacherMillisPerImage");
    double student = median(runs, "millisPerImage");
    return String.format(
        Locale.ROOT,
        "%nThe teacher, each image by itself: %.2f %%, at %.1f times the student's time for an image"
            + " (%.3f and %.3f ms).%n",
        100 * median(runs, "teacherAccuracy"),
        teacher / student,
        teacher,
        student);
  }

  private static double median(List<Map<String, Double>> runs, String name) {
    return Quantiles.median().compute(runs.stream().map(run -> run.get(name)).toList());
  }

  private Path file(Variant variant, long seed) {
    return base.out().resolve(variant.title() + "-" + seed + ".bundle");
  }

  private void write(String name, String text) throws IOException {
    AtomicFile.write(base.out().resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  private ModelCard card(Variant variant, long seed)
      throws IOException, BundleException, InterruptedException {
    Path out = file(variant, seed);
    String flags = variant.flags().isEmpty() ? "" : " " + variant.flags();
    String command = base.command() + flags + " --seed " + seed;
    if (Files.exists(out)) {
      ModelCard known = Bundle.read(out, Optional.empty()).card();
      if (known.command().equals(command) && known.student().head() == Head.EVIDENCE) {
        return known;
      }
    }
    TrainOptions options =
        new TrainOptions(
            base.data(),
            out,
            base.work(),
            base.name() + "-" + variant.title(),
            base.version(),
            command,
            seed,
            base.teacherSeed(),
            base.device(),
            base.validation(),
            base.teacher(),
            variant.shape(base.student()),
            base.schedule(),
            variant.recipe(base.recipe()),
            base.augment(),
            base.flipsIfHarmless(),
            base.prototypesPerClass());
    return new TrainJob(options, named(variant.title() + "-" + seed)).run().card();
  }

  /** Tells of which run a phase is. */
  private TrainListener named(String run) {
    return new TrainListener() {
      @Override
      public Progress phase(String name) {
        return listener.phase(run + " " + name);
      }

      @Override
      public void begin(Forecast forecast) throws IOException, InterruptedException {
        listener.begin(forecast);
      }

      @Override
      public void weighing(int images) {
        listener.weighing(images);
      }

      @Override
      public void measuring(int images) {
        listener.measuring(images);
      }
    };
  }

  private static String csv(List<Run> runs) {
    TreeSet<String> names = new TreeSet<>();
    runs.forEach(run -> names.addAll(run.metrics().keySet()));
    StringBuilder csv = new StringBuilder("variant,seed," + String.join(",", names) + "\n");
    for (Run run : runs) {
      csv.append(run.variant().title()).append(',').append(run.seed());
      for (String name : names) {
        csv.append(',');
        if (run.metrics().containsKey(name)) {
          csv.append(String.format(Locale.ROOT, "%.6g", run.metrics().get(name)));
        }
      }
      csv.append('\n');
    }
    return csv.toString();
  }

  /** One line per variant: mean over the seeds, and sample standard deviation from two on. */
  private static String table(List<Run> runs) {
    StringBuilder md = new StringBuilder("| variant | seeds |");
    COLUMNS.forEach(c -> md.append(' ').append(c).append(" |"));
    md.append("\n| --- | --- |").append(" --- |".repeat(COLUMNS.size())).append('\n');
    for (Variant variant : Variant.values()) {
      List<Run> own = runs.stream().filter(r -> r.variant() == variant).toList();
      if (!own.isEmpty()) {
        md.append("| ").append(variant.title()).append(" | ").append(own.size()).append(" |");
        COLUMNS.forEach(c -> md.append(' ').append(cell(own, c)).append(" |"));
        md.append('\n');
      }
    }
    Map<String, Double> any = runs.get(0).metrics();
    md.append(
        String.format(
            Locale.ROOT,
            "%nTeacher: accuracy %.2f, %.3f ms per image",
            100 * any.get("teacherAccuracy"),
            mean(runs, "teacherMillisPerImage")));
    if (any.containsKey("teacherMacs")) {
      md.append(String.format(Locale.ROOT, ", %.1f M MACs", any.get("teacherMacs") / 1e6));
    }
    md.append(String.format(Locale.ROOT, "; student %.1f M MACs.%n%n", any.get("macs") / 1e6));
    md.append(
        "Measured on the test split, in % but for milliseconds; mean ± standard deviation over the"
            + " seeds. MACs are multiply-adds for an image.\n\n");
    COLUMNS.forEach(c -> md.append("* %s: %s%n".formatted(c, Figures.meaning(c))));
    return md.toString();
  }

  private static String cell(List<Run> runs, String column) {
    if (runs.stream().anyMatch(run -> !run.metrics().containsKey(column))) {
      return "";
    }
    boolean share = !column.equals("millisPerImage");
    double mean = mean(runs, column);
    if (runs.size() == 1 || !share) {
      return String.format(Locale.ROOT, share ? "%.2f" : "%.3f", share ? 100 * mean : mean);
    }
    double squares = 0;
    for (Run run : runs) {
      squares += Math.pow(run.metrics().get(column) - mean, 2);
    }
    return String.format(
        Locale.ROOT, "%.2f ± %.2f", 100 * mean, 100 * Math.sqrt(squares / (runs.size() - 1)));
  }

  private static double mean(List<Run> runs, String column) {
    return runs.stream().mapToDouble(r -> r.metrics().get(column)).average().orElseThrow();
  }
}
