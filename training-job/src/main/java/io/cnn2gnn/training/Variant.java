package io.cnn2gnn.training;

import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.training.TrainOptions.Shape;
import io.cnn2gnn.training.fit.Recipe;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A student and the controls that tell what each of its parts is worth. */
public enum Variant {
  STUDENT(""),
  NO_DISTILLATION("--lambda 0 --lambda-end 0"),
  NO_GRAPH("--ranking none"),
  RANDOM_NEIGHBOURS("--ranking random"),
  FROZEN_HEAD("--ranking frozen"),
  NO_METRIC_LOSS("--metric 0");

  private final String flags;

  Variant(String flags) {
    this.flags = flags;
  }

  /** The options of {@code train} that make it of the student. */
  public String flags() {
    return flags;
  }

  /** As tables call it, such as {@code no-graph}. */
  public String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Reads a title.
   *
   * @throws IllegalArgumentException naming those there are
   */
  public static Variant of(String title) {
    return Arrays.stream(values())
        .filter(v -> v.title().equals(title))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no variant is called '" + title + "'; there are " + titles()));
  }

  private static String titles() {
    return Arrays.stream(values()).map(Variant::title).collect(Collectors.joining(", "));
  }

  Shape shape(Shape s) {
    Ranking ranking =
        switch (this) {
          case NO_GRAPH -> Ranking.NONE;
          case RANDOM_NEIGHBOURS -> Ranking.RANDOM;
          case FROZEN_HEAD -> Ranking.FROZEN;
          case STUDENT, NO_DISTILLATION, NO_METRIC_LOSS -> s.ranking();
        };
    return new Shape(
        s.widths(), s.strides(), s.pool(), s.projection(), s.hidden(), s.neighbours(), ranking);
  }

  Recipe recipe(Recipe r) {
    boolean alone = this == NO_DISTILLATION;
    return new Recipe(
        alone ? 0 : r.lambda(),
        alone ? 0 : r.lambdaEnd(),
        r.temperature(),
        r.temperatureEnd(),
        r.memory(),
        this == NO_METRIC_LOSS ? 0 : r.metric(),
        r.fold());
  }
}
