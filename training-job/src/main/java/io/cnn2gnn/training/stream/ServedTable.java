package io.cnn2gnn.training.stream;

import io.cnn2gnn.training.stream.StreamStudy.Line;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * What was answered to streams in this process, beside what a service answered to the same.
 *
 * @param here lines of this process
 * @param served lines of a service, of the same streams in the same order
 */
public record ServedTable(List<Line> here, List<Line> served) {
  public ServedTable {
    here = List.copyOf(here);
    served = List.copyOf(served);
  }

  /** In Markdown, in per cent. */
  public String markdown() {
    StringBuilder md =
        new StringBuilder(
            "| stream | images | labels | alone | alone, served | graph | graph, served | difference"
                + " |\n|"
                + " --- |".repeat(8)
                + "\n");
    for (int i = 0; i < here.size(); i++) {
      Line line = served.get(i);
      md.append(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %,.0f | %.2f | %.2f | %.2f | %.2f | %+.2f |%n",
              line.scenario(),
              line.images(),
              line.figures().get("labels"),
              100 * here.get(i).figures().get("alone"),
              100 * line.figures().get("alone"),
              100 * here.get(i).figures().get("graph"),
              100 * line.figures().get("graph"),
              100 * off(i, "graph")));
    }
    md.append(
        String.format(
            Locale.ROOT,
            "%nIn per cent of right answers, of one seed: the model in this process, and a service on a"
                + " broker that gets the same images in the same batches, and labels of the same of"
                + " them. Labels: how many the service was taught in the whole stream. Difference:"
                + " what the service adds to the graph, in points. The largest one, alone or with the"
                + " graph: %.2f points. Images that the service answered in batches of another size:"
                + " %,d.%n",
            100 * largest(),
            served.stream().mapToInt(ServedTable::strayed).sum()));
    return md.toString();
  }

  /** The same, a line for each stream. */
  public String csv() {
    StringBuilder csv =
        new StringBuilder(
            "stream,images,labels,strayed,alone,aloneServed,graph,graphServed,difference\n");
    for (int i = 0; i < here.size(); i++) {
      Line line = served.get(i);
      csv.append(
          String.format(
              Locale.ROOT,
              "\"%s\",%d,%.0f,%d,%.6f,%.6f,%.6f,%.6f,%.6f%n",
              line.scenario(),
              line.images(),
              line.figures().get("labels"),
              strayed(line),
              here.get(i).figures().get("alone"),
              line.figures().get("alone"),
              here.get(i).figures().get("graph"),
              line.figures().get("graph"),
              off(i, "graph")));
    }
    return csv.toString();
  }

  private double off(int i, String figure) {
    return served.get(i).figures().get(figure) - here.get(i).figures().get(figure);
  }

  private double largest() {
    return IntStream.range(0, here.size())
        .mapToDouble(i -> Math.max(Math.abs(off(i, "alone")), Math.abs(off(i, "graph"))))
        .max()
        .orElse(0);
  }

  private static int strayed(Line line) {
    return line.figures().getOrDefault("strayed", 0.0).intValue();
  }
}
