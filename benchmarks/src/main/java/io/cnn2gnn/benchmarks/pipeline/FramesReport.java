package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.benchmarks.goal.GoalResult;
import io.cnn2gnn.benchmarks.goal.Limit;
import io.cnn2gnn.benchmarks.goal.Spread;
import io.cnn2gnn.benchmarks.goal.SuiteReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How fast every entrant was with frames of every size, in every round.
 *
 * @param description of frames and machine
 * @param rates one per round
 */
public record FramesReport(String description, Map<Size, Map<Entrant, List<Rate>>> rates)
    implements SuiteReport {
  /** What cameras send. */
  public enum Size {
    VGA(640, 480, 35_000),
    HD(1280, 720, 85_000),
    FULL_HD(1920, 1080, 193_000);

    private final int width;
    private final int height;
    private final int bytes;

    Size(int width, int height, int bytes) {
      this.width = width;
      this.height = height;
      this.bytes = bytes;
    }

    int width() {
      return width;
    }

    int height() {
      return height;
    }

    /** Of a file, at least. */
    int bytes() {
      return bytes;
    }

    String title() {
      return width + " x " + height;
    }
  }

  /** Who takes part. */
  public enum Entrant {
    /** The service as it is. */
    SERVICE("service"),
    /** A consumer loop with the same student and the JDK's reader. */
    JDK_LOOP("consumer loop, same student, the JDK's reader"),
    /** The same with OpenCV, at the scale and in the channels that the model takes. */
    OPENCV_LOOP("consumer loop, same student, OpenCV"),
    /** Kafka Streams with OpenCV, and a CNN on ONNX Runtime for each record. */
    OPENCV_MAP_VALUES("mapValues, OpenCV, ONNX Runtime per record"),
    /** The service's decoder on all cores, without Kafka and without a model. */
    DECODER("decoder alone, on all cores");

    private final String title;

    Entrant(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** What we want of the service beside another. */
  private record Wanted(String goal, Entrant other, double least) {}

  private static final List<Wanted> WANTED =
      List.of(
          new Wanted("F1", Entrant.JDK_LOOP, 8),
          new Wanted("F2", Entrant.OPENCV_LOOP, 1),
          new Wanted("F3", Entrant.DECODER, 0.9));

  @Override
  public List<GoalResult> goals() {
    List<GoalResult> goals = new ArrayList<>();
    rates.forEach(
        (size, own) -> {
          for (Wanted wanted : WANTED) {
            // That goal was set for the two smaller sizes.
            boolean isAsked = wanted.other() != Entrant.JDK_LOOP || size != Size.FULL_HD;
            goals.add(
                new GoalResult(
                    wanted.goal(),
                    "frames of %s over %s".formatted(size.title(), wanted.other().title()),
                    isAsked ? Optional.of(Limit.atLeast(wanted.least())) : Optional.empty(),
                    "",
                    ratio(own.get(Entrant.SERVICE), own.get(wanted.other()))));
          }
        });
    return goals;
  }

  private static Spread ratio(List<Rate> ours, List<Rate> theirs) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < ours.size(); i++) {
      ratios.add(ours.get(i).perSecond() / theirs.get(i).perSecond());
    }
    return Spread.of(ratios);
  }

  @Override
  public String tables() {
    StringBuilder text = new StringBuilder(description).append("\n");
    rates.forEach(
        (size, own) -> {
          text.append("\n%s, %,d bytes:\n\n".formatted(size.title(), size.bytes()))
              .append(Rate.HEAD.formatted("entrant", "frames/s"));
          own.forEach((entrant, all) -> text.append(Rate.row(entrant.title(), all)));
        });
    return text.append("\n").append(GoalResult.table(goals())).toString();
  }

  @Override
  public Object summary() {
    Map<String, Map<String, List<Rate>>> byTitle = new LinkedHashMap<>();
    rates.forEach(
        (size, own) -> {
          Map<String, List<Rate>> titled = new LinkedHashMap<>();
          own.forEach((entrant, all) -> titled.put(entrant.title(), all));
          byTitle.put(size.title(), titled);
        });
    return new Summary(description, byTitle, goals().stream().map(GoalResult::summary).toList());
  }

  private record Summary(
      String description,
      Map<String, Map<String, List<Rate>>> rates,
      List<GoalResult.Summary> goals) {}
}
