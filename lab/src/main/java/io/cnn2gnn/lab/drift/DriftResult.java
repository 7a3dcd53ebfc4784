package io.cnn2gnn.lab.drift;

import io.cnn2gnn.schemas.avro.ModelEventKind;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How services came through a shift. */
record DriftResult(
    DriftStream stream, Map<Way, DriftRecord> records, List<DriftResult.Event> events) {
  private static final int WINDOW = 250;

  /**
   * What the retrained service told.
   *
   * @param at how many images had been sent
   */
  record Event(int at, ModelEventKind kind, String message) {}

  /** Writes the picture and the figures to a folder, and prints the figures. */
  void write(String title, Path folder) throws IOException {
    List<String> table = new ArrayList<>(List.of("images," + columns(Way::column)));
    List<Integer> ends = new ArrayList<>();
    for (int from = 0; from < stream.images().size(); from += WINDOW) {
      if (isJudged(from, from + WINDOW)) {
        int begin = from;
        ends.add(from + WINDOW);
        table.add(
            "%d,%s".formatted(from + WINDOW, columns(way -> share(way, begin, begin + WINDOW))));
      }
    }
    Files.write(folder.resolve("drift.csv"), table);
    DriftChart.write(
        folder.resolve("drift.png"),
        title,
        Arrays.stream(Way.values()).map(way -> line(way, ends)).toList(),
        List.of(
            new DriftChart.Marks("shift", List.of(stream.shiftAt()), new Color(200, 60, 40)),
            new DriftChart.Marks("drift alarm", alarms(), new Color(240, 170, 60)),
            new DriftChart.Marks("model changes", changes(), new Color(90, 160, 90))));
    print();
    System.out.println("picture and figures in " + folder);
  }

  private static String columns(Function<Way, String> column) {
    return Arrays.stream(Way.values()).map(column).collect(Collectors.joining(","));
  }

  private String share(Way way, int from, int to) {
    return String.format(Locale.ROOT, "%.4f", accuracy(way, from, to));
  }

  private double accuracy(Way way, int from, int to) {
    return records.get(way).accuracy(from, to).orElseThrow();
  }

  /** Whether any image there is unlabelled. */
  private boolean isJudged(int from, int to) {
    return records.values().stream().allMatch(record -> record.accuracy(from, to).isPresent());
  }

  private DriftChart.Line line(Way way, List<Integer> ends) {
    return new DriftChart.Line(
        way.words(),
        ends.stream().mapToDouble(end -> end - WINDOW / 2.0).toArray(),
        ends.stream().mapToDouble(end -> accuracy(way, end - WINDOW, end)).toArray());
  }

  private List<Integer> alarms() {
    return events.stream()
        .filter(event -> event.kind() == ModelEventKind.DRIFTED)
        .map(Event::at)
        .toList();
  }

  private List<Integer> changes() {
    return retrained().changes().stream().skip(1).map(DriftRecord.Change::at).toList();
  }

  private DriftRecord retrained() {
    return records.get(Way.RETRAINED);
  }

  private void print() {
    System.out.printf("%n%-38s", "accuracy");
    for (Way way : Way.values()) {
      System.out.printf(" %10s", way.column());
    }
    System.out.println();
    row("before the shift", 0, stream.shiftAt());
    List<DriftRecord.Change> changes = retrained().changes();
    int from = stream.shiftAt();
    String model = "with the first model";
    for (DriftRecord.Change change : changes) {
      if (change.at() > from) {
        row("after it, " + model, from, change.at());
        from = change.at();
        model = change.model();
      }
    }
    row("after it, " + model, from, stream.images().size());
  }

  private void row(String what, int from, int to) {
    if (isJudged(from, to)) {
      System.out.printf("%-38s", what);
      for (Way way : Way.values()) {
        System.out.printf(Locale.ROOT, " %8.1f %%", 100 * accuracy(way, from, to));
      }
      System.out.println();
    }
  }
}
