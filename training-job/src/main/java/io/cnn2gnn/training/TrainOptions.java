package io.cnn2gnn.training;

import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.net.Head;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.training.data.Augment;
import io.cnn2gnn.training.data.DataFolder;
import io.cnn2gnn.training.data.DataSets;
import io.cnn2gnn.training.data.DataSource;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Views;
import io.cnn2gnn.training.fit.Recipe;
import io.cnn2gnn.training.fit.Schedule;
import java.nio.file.Path;
import java.util.List;

/**
 * A training run.
 *
 * @param data what to learn from and to measure on
 * @param out where the bundle goes; beside it {@code <out>.report} gets curves and pictures
 * @param work folder that keeps checkpoints, trained teachers and their answers
 * @param name of the model
 * @param version of the model
 * @param command recorded in the model card
 * @param seed of the student's first weights and of the episodes in which its graph learns
 * @param teacherSeed of all else: the teacher, the views, the order of batches, what is held out
 * @param device auto, cpu or gpu
 * @param validation share of the labelled training images that is held out, in [0, 1)
 * @param teacher who teaches
 * @param student its shape
 * @param schedule how it learns
 * @param recipe from what it learns
 * @param augment the views it learns from
 * @param flipsIfHarmless whether views of both are flipped left to right where the data allows it,
 *     whatever their {@link Augment} says
 * @param prototypesPerClass shipped in the bundle, at most 2,000 in all
 */
public record TrainOptions(
    DataSource data,
    Path out,
    Path work,
    String name,
    String version,
    String command,
    long seed,
    long teacherSeed,
    String device,
    double validation,
    Teachers.Options teacher,
    Shape student,
    Schedule schedule,
    Recipe recipe,
    Augment augment,
    boolean flipsIfHarmless,
    int prototypesPerClass) {
  private static final int STUDENT_VIEWS = 600_000;
  private static final int FEWEST_OF_STUDENT = 20;
  private static final int MOST_OF_STUDENT = 80;
  private static final int TEACHER_VIEWS = 200_000;
  private static final int FEWEST_OF_TEACHER = 8;
  private static final int MOST_OF_TEACHER = 20;

  public TrainOptions {
    if (prototypesPerClass < 1) {
      throw new IllegalArgumentException("at least one prototype per class is needed");
    }
    if (!(validation >= 0 && validation < 1)) {
      throw new IllegalArgumentException("validation is a share in [0, 1): " + validation);
    }
    boolean stops = schedule.patience() > 0 || teacher.schedule().patience() > 0;
    if (stops && validation == 0) {
      throw new IllegalArgumentException(
          "patience needs images held out from training to judge by: give --validation too");
    }
  }

  /** A run on a data set in files; see {@link DataSets}. */
  public TrainOptions(
      Path data,
      DataSets.Options reading,
      Path out,
      Path work,
      String name,
      String version,
      String command,
      long seed,
      long teacherSeed,
      String device,
      double validation,
      Teachers.Options teacher,
      Shape student,
      Schedule schedule,
      Recipe recipe,
      Augment augment,
      int prototypesPerClass) {
    this(
        new DataFolder(data, reading),
        out,
        work,
        name,
        version,
        command,
        seed,
        teacherSeed,
        device,
        validation,
        teacher,
        student,
        schedule,
        recipe,
        augment,
        false,
        prototypesPerClass);
  }

  /** The same run on other data, to another file, as another version. */
  public TrainOptions with(DataSource other, Path file, Path folder, String named) {
    return new TrainOptions(
        other,
        file,
        folder,
        name,
        named,
        command,
        seed,
        teacherSeed,
        device,
        validation,
        teacher,
        student,
        schedule,
        recipe,
        augment,
        flipsIfHarmless,
        prototypesPerClass);
  }

  /**
   * The same run, with what depends on its data decided: whether views are flipped, and epochs that
   * were left open.
   */
  TrainOptions decided(ImageSet train) {
    boolean flip = flipsIfHarmless ? Views.mayFlip(train) : augment.flip();
    int labelled = train.labelled().length;
    return new TrainOptions(
        data,
        out,
        work,
        name,
        version,
        command,
        seed,
        teacherSeed,
        device,
        validation,
        new Teachers.Options(
            teacher.name(),
            teacher.mean(),
            teacher.deviation(),
            teacher.schedule().decided(labelled, TEACHER_VIEWS, FEWEST_OF_TEACHER, MOST_OF_TEACHER),
            flipsIfHarmless ? teacher.augment().flipping(flip) : teacher.augment()),
        student,
        schedule.decided(train.size(), STUDENT_VIEWS, FEWEST_OF_STUDENT, MOST_OF_STUDENT),
        recipe,
        augment.flipping(flip),
        false,
        prototypesPerClass);
  }

  /** A student's shape but for what the data decides; see {@link StudentSpec}. */
  public record Shape(
      List<Integer> widths,
      List<Integer> strides,
      int pool,
      int projection,
      int hidden,
      int neighbours,
      Ranking ranking) {
    public Shape {
      if (ranking == Ranking.LEARNED_WITH_SELF) {
        throw new IllegalArgumentException(
            "ranking learned_with_self is of graph layers, which are no longer trained; choose"
                + " learned, frozen, random or none");
      }
      widths = List.copyOf(widths);
      strides = List.copyOf(strides);
    }

    StudentSpec spec(InputSpec input, int classes) {
      return new StudentSpec(
          input,
          widths,
          strides,
          pool,
          projection,
          hidden,
          classes,
          neighbours,
          0.5f,
          ranking,
          false,
          Head.EVIDENCE);
    }
  }
}
