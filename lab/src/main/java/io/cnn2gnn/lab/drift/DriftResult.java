package io.cnn2gnn.lab.drift;

import io.cnn2gnn.schemas.avro.ModelEventKind;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How two services came through a shift. */
record DriftResult(
    DriftStream stream, DriftRecord with, DriftRecord without, List<DriftResult.Event> events) {
  private static final int WINDOW = 250;

  /**
   * What the retrained service told.
   *
   * @param at how many images had been sent
   */
  record Event(int at, ModelEventKind kind, String message) {}

  /** Writes the picture and the figures to a folder, and prints the figures. */
  void write(String title, Path folder) throws IOException {
    List<String> table = new ArrayList<>(List.of("images,retrained,fixed"));
    List<Double> places = new ArrayList<>();
    List<Double> first = new ArrayList<>();
    List<Double> second = new ArrayList<>();
    for (int from = 0; from < stream.images().size(); from += WINDOW) {
      Optional<Double> a = with.accuracy(from, from + WINDOW);
      Optional<Double> b = without.accuracy(from, from + WINDOW);
      if (a.isPresent() && b.isPresent()) {
        places.add(from + WINDOW / 2.0);
        first.add(a.get());
        second.add(b.get());
        table.add(String.format(Locale.ROOT, "%d,%.4f,%.4f", from + WINDOW, a.get(), b.get()));
      }
    }
    Files.write(folder.resolve("drift.csv"), table);
    DriftChart.write(
        folder.resolve("drift.png"),
        title,
        new DriftChart.Line("retrained from the stream", array(places), array(first)),
        new DriftChart.Line("never retrained", array(places), array(second)),
        List.of(
            new DriftChart.Marks("shift", List.of(stream.shiftAt()), new Color(200, 60, 40)),
            new DriftChart.Marks("drift alarm", alarms(), new Color(240, 170, 60)),
            new DriftChart.Marks("model changes", changes(), new Color(90, 160, 90))));
    print();
    System.out.println("picture and figures in " + folder);
  }

  private List<Integer> alarms() {
    return events.stream()
        .filter(event -> event.kind() == ModelEventKind.DRIFTED)
        .map(Event::at)
        .toList();
  }

  private List<Integer> changes() {
    return with.changes().stream().skip(1).map(DriftRecord.Change::at).toList();
  }

  private void print() {
    System.out.printf("%n%-38s %10s %10s%n", "accuracy", "retrained", "fixed");
    row("before the shift", 0, stream.shiftAt());
    List<DriftRecord.Change> changes = with.changes();
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
    Optional<Double> a = with.accuracy(from, to);
    Optional<Double> b = without.accuracy(from, to);
    if (a.isPresent() && b.isPresent()) {
      System.out.printf(
          Locale.ROOT, "%-38s %8.1f %% %8.1f %%%n", what, 100 * a.get(), 100 * b.get());
    }
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
