package io.cnn2gnn.cli.train;

import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.training.Teachers;
import io.cnn2gnn.training.TrainOptions;
import io.cnn2gnn.training.data.Augment;
import io.cnn2gnn.training.data.DataFolder;
import io.cnn2gnn.training.data.DataSets;
import io.cnn2gnn.training.data.DataSource;
import io.cnn2gnn.training.fit.Recipe;
import io.cnn2gnn.training.fit.Schedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of a training run, as {@code train} and {@code study} share them. */
public final class TrainingFlags {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--preset",
      defaultValue = "STANDARD",
      description =
          "${COMPLETION-CANDIDATES}: QUICK makes a usable model of a small data set in minutes, by"
              + " --teacher resnet8x16 --teacher-epochs 10 --teacher-batch 32 --epochs 15 --batch"
              + " 32 --views 4 --mixup 0, of which those that are given count instead")
  private Preset preset;

  @Option(
      names = "--data",
      description =
          "folder of IDX files, of CIFAR .bin files or of train/CLASS/ and test/CLASS/; or a zip, or"
              + " a folder of zips, of the latter")
  private Optional<Path> data = Optional.empty();

  @Option(
      names = "--classes",
      split = ",",
      description = "class names by index (default: as the data has them)")
  private List<String> classes = new ArrayList<>();

  @Option(
      names = "--input-size",
      description = "WIDTHxHEIGHT of image files (default: of the first one)")
  private Optional<String> inputSize = Optional.empty();

  @Option(
      names = "--work",
      description = "folder for checkpoints, teachers and their answers (default: OUT.work)")
  private Optional<Path> work = Optional.empty();

  @Option(names = "--device", defaultValue = "auto", description = "auto, cpu or gpu")
  private String device;

  @Option(
      names = "--teacher",
      defaultValue = "resnet8x32",
      description =
          "resnetDEPTH[xWIDTH] to train one (CIFAR form 8, 14, 20, 32, 44, 56, 110;"
              + " ImageNet form 18, 34, 50, 101, 152) or an .onnx file")
  private String teacher;

  @Option(
      names = "--teacher-mean",
      split = ",",
      defaultValue = "0.485,0.456,0.406",
      description = "per channel, that the input of an .onnx teacher is normalised by")
  private List<Float> teacherMean;

  @Option(
      names = "--teacher-deviation",
      split = ",",
      defaultValue = "0.229,0.224,0.225",
      description = "likewise")
  private List<Float> teacherDeviation;

  @Option(
      names = "--teacher-epochs",
      defaultValue = "0",
      description = "passes for the teacher; 0 for 200,000 views in all, from 8 to 20 passes")
  private int teacherEpochs;

  @Option(names = "--teacher-batch", defaultValue = "64", description = "its images per step")
  private int teacherBatch;

  @Option(
      names = "--teacher-rate",
      defaultValue = "0.003",
      description = "its highest learning rate")
  private float teacherRate;

  @Option(
      names = "--teacher-seed",
      defaultValue = "1",
      description = "of the teacher, the views, the order of batches and what is held out")
  private long teacherSeed;

  @Option(
      names = "--epochs",
      defaultValue = "0",
      description = "passes for the student; 0 for 600,000 views in all, from 20 to 80 passes")
  private int epochs;

  @Option(names = "--rate", defaultValue = "0.005", description = "its highest learning rate")
  private float rate;

  @Option(names = "--batch", defaultValue = "128", description = "its images per step")
  private int batch;

  @Option(names = "--decay", defaultValue = "0.05", description = "weight decay of both")
  private float decay;

  @Option(
      names = "--validation",
      defaultValue = "0",
      description = "share of the training images held out (0: the curve uses test images)")
  private double validation;

  @Option(
      names = "--patience",
      defaultValue = "0",
      description = "stop after so many epochs without gain on the images held out; 0 never stops")
  private int patience;

  @Option(
      names = "--widths",
      split = ",",
      defaultValue = "32,64,64,128",
      description = "of the stem")
  private List<Integer> widths;

  @Option(names = "--strides", split = ",", defaultValue = "2,2,1,2", description = "of the stem")
  private List<Integer> strides;

  @Option(names = "--pool", defaultValue = "2", description = "side of the grid the stem ends in")
  private int pool;

  @Option(names = "--projection", defaultValue = "32", description = "width of the metric vector")
  private int projection;

  @Option(
      names = "--hidden",
      defaultValue = "128",
      description = "width of the layer between stem and classes")
  private int hidden;

  @Option(names = "--neighbours", defaultValue = "8", description = "s, neighbours per image")
  private int neighbours;

  @Option(
      names = "--ranking",
      defaultValue = "learned",
      description = "of neighbours: LEARNED, FROZEN, RANDOM, NONE")
  private Ranking ranking;

  @Option(names = "--lambda", defaultValue = "0.9", description = "weight of the teacher's answers")
  private float lambda;

  @Option(names = "--lambda-end", description = "the same at the end (default: as at the start)")
  private Optional<Float> lambdaEnd = Optional.empty();

  @Option(names = "--temperature", defaultValue = "4", description = "softens both answers")
  private float temperature;

  @Option(names = "--temperature-end", description = "at the end (default: as at the start)")
  private Optional<Float> temperatureEnd = Optional.empty();

  @Option(
      names = "--memory",
      defaultValue = "2048",
      description = "past rows that the metric learns from")
  private int memory;

  @Option(
      names = "--metric",
      defaultValue = "0.5",
      description =
          "weight of the loss that teaches the graph's metric which images belong together")
  private float metric;

  @Option(
      names = "--fold",
      defaultValue = "0.2",
      description =
          "share of the labelled images on which it is learned what neighbours are worth, instead of"
              + " the stem")
  private float fold;

  @Option(
      names = "--flip",
      negatable = true,
      fallbackValue = "true",
      description =
          "views are flipped left to right at random (default: where mirror images are told as well)")
  private Boolean flip; // null where it was not given

  @Option(names = "--shift", defaultValue = "2", description = "pixels that views are moved by")
  private int shift;

  @Option(
      names = "--crop",
      defaultValue = "1",
      description = "smallest share of the area that a view shows; 1 crops nothing")
  private float crop;

  @Option(
      names = "--light",
      defaultValue = "0.5",
      description =
          "how far the brightness of views may be off: a factor of exp(-LIGHT) to exp(LIGHT); 0 changes"
              + " nothing")
  private float light;

  @Option(
      names = "--mixup",
      defaultValue = "0.5",
      description =
          "share of the student's views that are mixed with another image, of which the teacher alone"
              + " says what they are")
  private float mixup;

  @Option(
      names = "--views",
      defaultValue = "0",
      description = "views per image, each answered by the teacher once; 0 draws new ones always")
  private int views;

  @Option(
      names = "--prototypes",
      defaultValue = "200",
      description = "shipped images per class, at most 2,000 in all")
  private int prototypes;

  /** The data set in files, if one is given. */
  public Optional<DataSource> data() {
    return data.map(path -> new DataFolder(path, new DataSets.Options(classes, size())));
  }

  Optional<DataSets.Size> size() {
    return inputSize.map(DataSets.Size::parse);
  }

  List<String> classes() {
    return classes;
  }

  Optional<Path> work() {
    return work;
  }

  long teacherSeed() {
    return teacherSeed;
  }

  String device() {
    return device;
  }

  /** The run on this data that these options ask for. */
  public TrainOptions options(
      DataSource source, Path out, String name, String version, String command, long seed) {
    Schedule teacherSchedule =
        of(
            "teacher",
            () ->
                new Schedule(
                    given("--teacher-epochs", teacherEpochs, preset.teacherEpochs()),
                    given("--teacher-batch", teacherBatch, preset.teacherBatch()),
                    teacherRate,
                    decay,
                    patience));
    Schedule schedule =
        of(
            "student",
            () ->
                new Schedule(
                    given("--epochs", epochs, preset.epochs()),
                    given("--batch", batch, preset.batch()),
                    rate,
                    decay,
                    patience));
    return new TrainOptions(
        source,
        out,
        work.orElseGet(() -> out.resolveSibling(out.getFileName() + ".work")),
        name,
        version,
        command,
        seed,
        teacherSeed,
        device,
        validation,
        new Teachers.Options(
            given("--teacher", teacher, preset.teacher()),
            teacherMean,
            teacherDeviation,
            teacherSchedule,
            new Augment(flips(), shift, crop, light, 0)),
        new TrainOptions.Shape(widths, strides, pool, projection, hidden, neighbours, ranking),
        schedule,
        new Recipe(
            lambda,
            lambdaEnd.orElse(lambda),
            temperature,
            temperatureEnd.orElse(temperature),
            memory,
            metric,
            fold),
        new Augment(
            flips(),
            shift,
            crop,
            light,
            given("--mixup", mixup, preset.mixup()),
            given("--views", views, preset.views())),
        flip == null,
        prototypes);
  }

  private boolean flips() {
    return flip != null && flip;
  }

  /** The value of an option that was given, or else the preset's. */
  private <T> T given(String option, T value, T otherwise) {
    return command.commandLine().getParseResult().hasMatchedOption(option) ? value : otherwise;
  }

  private static Schedule of(String learner, Supplier<Schedule> schedule) {
    try {
      return schedule.get();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(learner + ": " + e.getMessage(), e);
    }
  }
}
