package io.cnn2gnn.training.stream;

import com.google.common.math.Quantiles;
import io.cnn2gnn.training.stream.StreamStudy.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The lines of several seeds as one table: medians. */
public final class StreamTable {
  private static final List<String> KINDS = List.of("smoothing", "vote", "markov", "lame");

  private StreamTable() {}

  /** In Markdown, in per cent. Of a kind of filter the one with the best constant is shown. */
  public static String markdown(List<List<Line>> seeds) {
    StringBuilder md =
        new StringBuilder(
            "| stream | images | alone | graph | gain | calibration error | nearest label"
                + " | smoothing | vote | Markov | LAME |\n|"
                + " --- |".repeat(11)
                + "\n");
    for (Line line : medians(seeds)) {
      Map<String, Double> f = line.figures();
      md.append(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %.2f | %.2f | %+.2f (%.1f to %.1f) | %.1f, before %.1f | %s |",
              line.scenario(),
              line.images(),
              100 * f.get("alone"),
              100 * f.get("graph"),
              100 * f.get("gain"),
              100 * f.get("low"),
              100 * f.get("high"),
              100 * f.get("calibration"),
              100 * f.get("calibration alone"),
              share(f, "nearest")));
      for (String kind : KINDS) {
        md.append(' ').append(best(kind, f)).append(" |");
      }
      md.append('\n');
    }
    md.append(
        String.format(
            Locale.ROOT,
            "%nIn per cent, medians of %d seeds. Alone: the same weights, each image by itself. Gain:"
                + " what the graph adds, in points, and where that of one seed lies in 95 of 100"
                + " draws of whole tracks. Calibration error: expected, with the graph and alone. Nearest"
                + " label: the answer is that of the nearest labelled image. Filters work on the"
                + " answers alone, each source by itself, with the constant that is best on this"
                + " very stream.%n",
            seeds.size()));
    return md.toString();
  }

  private static String share(Map<String, Double> figures, String name) {
    return figures.containsKey(name)
        ? String.format(Locale.ROOT, "%.2f", 100 * figures.get(name))
        : "";
  }

  private static String best(String kind, Map<String, Double> figures) {
    return figures.entrySet().stream()
        .filter(e -> e.getKey().startsWith(kind))
        .max(Map.Entry.comparingByValue())
        .map(
            e ->
                String.format(Locale.ROOT, "%.2f", 100 * e.getValue())
                    + e.getKey().substring(kind.length()).replaceFirst(" (.*)", " ($1)"))
        .orElse("");
  }

  /** All figures, a line for each. */
  public static String csv(List<Long> names, List<List<Line>> seeds) {
    StringBuilder csv = new StringBuilder("seed,stream,images,figure,value\n");
    for (int i = 0; i < seeds.size(); i++) {
      long seed = names.get(i);
      for (Line line : seeds.get(i)) {
        line.figures()
            .forEach(
                (name, value) ->
                    csv.append(
                        String.format(
                            Locale.ROOT,
                            "%d,\"%s\",%d,%s,%.6f%n",
                            seed,
                            line.scenario(),
                            line.images(),
                            name,
                            value)));
      }
    }
    return csv.toString();
  }

  /** How right the answers were over each stream, a line for each window. */
  public static String courses(List<Long> names, List<List<Line>> seeds) {
    StringBuilder csv = new StringBuilder("seed,stream,images,alone,graph\n");
    for (int i = 0; i < seeds.size(); i++) {
      for (Line line : seeds.get(i)) {
        for (Course.Point point : line.course().points()) {
          csv.append(
              String.format(
                  Locale.ROOT,
                  "%d,\"%s\",%d,%.4f,%.4f%n",
                  names.get(i),
                  line.scenario(),
                  point.images(),
                  point.alone(),
                  point.graph()));
        }
      }
    }
    return csv.toString();
  }

  /** Where a seed has no such line or figure it does not count. */
  private static List<Line> medians(List<List<Line>> seeds) {
    List<Line> medians = new ArrayList<>();
    for (Line first : seeds.get(0)) {
      List<Map<String, Double>> same =
          seeds.stream()
              .flatMap(List::stream)
              .filter(line -> line.scenario().equals(first.scenario()))
              .map(Line::figures)
              .toList();
      Map<String, Double> figures = new LinkedHashMap<>();
      for (String name : first.figures().keySet()) {
        figures.put(
            name,
            Quantiles.median()
                .compute(
                    same.stream().filter(f -> f.containsKey(name)).map(f -> f.get(name)).toList()));
      }
      medians.add(new Line(first.scenario(), first.images(), figures, first.course()));
    }
    return medians;
  }
}
