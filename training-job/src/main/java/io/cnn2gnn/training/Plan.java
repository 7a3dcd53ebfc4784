package io.cnn2gnn.training;

import ai.djl.Device;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.training.data.Augment;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.data.Fold;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.data.Views;
import io.cnn2gnn.training.files.Keys;
import io.cnn2gnn.training.fit.HeldOut;
import io.cnn2gnn.training.fit.StudentFit;
import io.cnn2gnn.training.teacher.AnswerBook;
import io.cnn2gnn.training.teacher.Responder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A run whose data was read and split.
 *
 * @param train to learn from; may hold unlabelled images
 * @param labelled those of them whose class is known
 * @param heldOut for the learning curves
 * @param test to measure on at the end
 * @param fold of the images that the student learns from
 * @param spec shape of the student
 */
record Plan(
    TrainOptions options,
    ImageSet train,
    ImageSet labelled,
    HeldOut heldOut,
    ImageSet test,
    Fold fold,
    StudentSpec spec,
    Device device) {
  private static final int CURVE_IMAGES = 1000;

  /** Reads and splits the data. */
  static Plan of(TrainOptions asked) throws IOException, InterruptedException {
    DataSet data = asked.data().read();
    TrainOptions options = asked.decided(data.train());
    Split split = Split.of(data, options.validation(), options.teacherSeed());
    ImageSet train = split.train();
    ImageSet labelled = train.subset(train.labelled());
    // Nobody answers for unlabelled images where there is no distillation.
    ImageSet learned = options.recipe().withoutTeacher() ? labelled : train;
    return new Plan(
        options,
        train,
        labelled,
        split.heldOut(),
        data.test(),
        Fold.of(learned, share(options), options.teacherSeed() + 3),
        options.student().spec(input(train), train.classes().size()),
        Torch.device(options.device()));
  }

  /** A student without a graph has nothing to learn of neighbours. */
  private static double share(TrainOptions options) {
    return options.student().ranking() == Ranking.NONE ? 0 : options.recipe().fold();
  }

  InputSpec input() {
    return spec.input();
  }

  /** The views that the student's stem learns from. */
  Views views() {
    // One seed for the views of all students, so that they share the teacher's answers.
    return new Views(fold.fitted(), augment(), options.teacherSeed() + 2);
  }

  /** The views that it learns from what neighbours are worth. */
  Views fresh() {
    return new Views(fold.fresh(), options.augment().unmixed(), options.teacherSeed() + 4);
  }

  /** Nobody answers for mixed views where there is no distillation. */
  private Augment augment() {
    return options.recipe().withoutTeacher() ? options.augment().unmixed() : options.augment();
  }

  /** How this student learns from this teacher, and where it keeps what it has. */
  StudentFit.Task task(Responder teacher) {
    Views views = views();
    String digest = Keys.of(views.set().digest());
    String pages = Keys.of(teacher.key(), digest, options.augment(), options.teacherSeed());
    String run = Keys.of(spec, pages, options.schedule(), options.recipe(), options.seed());
    return new StudentFit.Task(
        spec,
        views,
        new AnswerBook(teacher, views, options.work().resolve("answers-" + pages)),
        heldOut,
        options.schedule(),
        options.recipe(),
        options.seed(),
        device,
        options.work().resolve("student-" + run));
  }

  /** So many images in a random order, since files often come class by class. */
  static ImageSet sample(ImageSet set, int count, long seed) {
    int[] order = Views.shuffled(set.size(), seed);
    return set.subset(Arrays.copyOf(order, Math.min(count, order.length)));
  }

  /**
   * The images to learn from and those for the learning curve: a share of each class's training
   * images, or where none is held out some of the test split, by which nothing is chosen.
   */
  private record Split(ImageSet train, HeldOut heldOut) {
    static Split of(DataSet data, double validation, long seed) throws IOException {
      ImageSet train = data.train();
      if (validation == 0) {
        ImageSet some = sample(data.test(), CURVE_IMAGES, seed);
        return new Split(train, new HeldOut(HeldOut.Split.TEST, some));
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
      return new Split(
          train.subset(rest), new HeldOut(HeldOut.Split.VALIDATION, train.subset(held)));
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
