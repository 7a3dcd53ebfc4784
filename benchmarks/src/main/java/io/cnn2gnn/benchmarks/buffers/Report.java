package io.cnn2gnn.benchmarks.buffers;

import com.google.common.math.Quantiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Medians over the repeats.
 *
 * @param rows one per size, regime and variant
 * @param deaths one per variant
 */
public record Report(List<Row> rows, List<Death> deaths) {
  public Report {
    rows = List.copyOf(rows);
    deaths = List.copyOf(deaths);
  }

  /**
   * What one variant costs.
   *
   * @param ratioToHeap of images per second where they flood in, of the median latency where they
   *     are paced; the median of the ratios within each repeat
   */
  record Row(
      Variant variant,
      int size,
      Regime regime,
      int images,
      double changelogBytesPerImage,
      double percentOfInput,
      double imagesPerSecond,
      double p50Millis,
      double p99Millis,
      double ratioToHeap) {

    private RowSummary summary() {
      // In a flood an image waits for those before it, which says nothing of the buffer.
      boolean paced = regime == Regime.PACED;
      return new RowSummary(
          variant.label(),
          size,
          regime.label(),
          images,
          changelogBytesPerImage,
          percentOfInput,
          imagesPerSecond,
          paced ? p50Millis : Double.NaN,
          paced ? p99Millis : Double.NaN,
          ratioToHeap);
    }
  }

  private record RowSummary(
      String variant,
      int size,
      String regime,
      int images,
      double changelogBytesPerImage,
      double percentOfInput,
      double imagesPerSecond,
      double p50Millis,
      double p99Millis,
      double ratioToHeap) {}

  /**
   * What the kills did to one variant.
   *
   * @param killsWithLoss kills after which an image was never answered
   * @param recoverySeconds their median
   */
  record Death(
      Variant variant,
      int kills,
      int images,
      int lost,
      int killsWithLoss,
      int duplicated,
      int reportedLost,
      double recoverySeconds) {

    private DeathSummary summary() {
      return new DeathSummary(
          variant.label(),
          kills,
          images,
          lost,
          killsWithLoss,
          duplicated,
          reportedLost,
          recoverySeconds);
    }
  }

  private record DeathSummary(
      String variant,
      int kills,
      int images,
      int lost,
      int killsWithLoss,
      int duplicated,
      int reportedLost,
      double recoverySeconds) {}

  private record Summary(List<RowSummary> buffers, List<DeathSummary> kills) {}

  static Report of(BuffersBenchmark.Options options, List<Sample> samples, List<Kill> kills) {
    List<Row> rows = new ArrayList<>();
    List<Death> deaths = new ArrayList<>();
    for (Regime regime : Regime.values()) {
      for (int size : options.sizes()) {
        List<Sample> peers =
            samples.stream().filter(s -> s.regime() == regime && s.size() == size).toList();
        for (Variant variant : Variant.values()) {
          peers.stream()
              .filter(s -> s.variant() == variant)
              .findFirst()
              .ifPresent(any -> rows.add(row(any, peers)));
        }
      }
    }
    for (Variant variant : Variant.values()) {
      List<Kill> own = kills.stream().filter(k -> k.variant() == variant).toList();
      if (!own.isEmpty()) {
        deaths.add(death(variant, own));
      }
    }
    return new Report(rows, deaths);
  }

  private static Row row(Sample any, List<Sample> peers) {
    List<Sample> own = peers.stream().filter(s -> s.variant() == any.variant()).toList();
    return new Row(
        any.variant(),
        any.size(),
        any.regime(),
        any.images(),
        median(own.stream().mapToDouble(Sample::changelogBytesPerImage)),
        median(own.stream().mapToDouble(Sample::percentOfInput)),
        median(own.stream().mapToDouble(Sample::imagesPerSecond)),
        median(own.stream().mapToDouble(Sample::p50Millis)),
        median(own.stream().mapToDouble(Sample::p99Millis)),
        median(own.stream().mapToDouble(s -> ratio(s, heap(peers, s.repeat())))));
  }

  private static Sample heap(List<Sample> peers, int repeat) {
    return peers.stream()
        .filter(s -> s.variant() == Variant.HEAP && s.repeat() == repeat)
        .findFirst()
        .orElseThrow();
  }

  private static double ratio(Sample sample, Sample heap) {
    return sample.regime() == Regime.FLOOD
        ? sample.imagesPerSecond() / heap.imagesPerSecond()
        : sample.p50Millis() / heap.p50Millis();
  }

  private static Death death(Variant variant, List<Kill> kills) {
    return new Death(
        variant,
        kills.size(),
        kills.stream().mapToInt(Kill::images).sum(),
        kills.stream().mapToInt(Kill::lost).sum(),
        (int) kills.stream().filter(k -> k.lost() > 0).count(),
        kills.stream().mapToInt(Kill::duplicated).sum(),
        kills.stream().mapToInt(Kill::reportedLost).sum(),
        median(kills.stream().mapToDouble(Kill::recoverySeconds)));
  }

  private static double median(DoubleStream values) {
    return Quantiles.median().compute(values.toArray());
  }

  /** A record: as it is written to a JSON file. */
  public Object summary() {
    return new Summary(
        rows.stream().map(Row::summary).toList(), deaths.stream().map(Death::summary).toList());
  }

  /** As Markdown. */
  public String tables() {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < rows.size(); i++) {
      Row row = rows.get(i);
      if (i == 0
          || row.size() != rows.get(i - 1).size()
          || row.regime() != rows.get(i - 1).regime()) {
        out.append(head(row));
      }
      out.append(line(row));
    }
    if (!deaths.isEmpty()) {
      out.append(
          """

          Killed with SIGKILL while images came, then restarted:

          | buffer | kills | images | lost | kills with loss | duplicated | recovery, s |
          | --- | ---: | ---: | ---: | ---: | ---: | ---: |
          """);
      for (Death d : deaths) {
        out.append(
            String.format(
                Locale.ROOT,
                "| `%s` | %d | %,d | %d | %d | %d | %.1f |%n",
                d.variant().label(),
                d.kills(),
                d.images(),
                d.lost(),
                d.killsWithLoss(),
                d.duplicated(),
                d.recoverySeconds()));
      }
    }
    return out.toString();
  }

  private static String head(Row row) {
    return row.regime() == Regime.FLOOD
        ? String.format(
            Locale.ROOT,
            """

            %,d values of %,d bytes, as fast as they go:

            | buffer | changelog bytes per image | of the input | images/s | of `heap` |
            | --- | ---: | ---: | ---: | ---: |
            """,
            row.images(),
            row.size())
        : String.format(
            Locale.ROOT,
            """

            %,d values of %,d bytes, %.0f per second:

            | buffer | changelog bytes per image | of the input | p50, ms | p99, ms | p50 of `heap` |
            | --- | ---: | ---: | ---: | ---: | ---: |
            """,
            row.images(),
            row.size(),
            BuffersBenchmark.pace(row.size()));
  }

  private static String line(Row row) {
    String costs =
        String.format(
            Locale.ROOT,
            "| `%s` | %,.1f | %.2f %% |",
            row.variant().label(),
            row.changelogBytesPerImage(),
            row.percentOfInput());
    return row.regime() == Regime.FLOOD
        ? String.format(
            Locale.ROOT, "%s %,.0f | %.2f |%n", costs, row.imagesPerSecond(), row.ratioToHeap())
        : String.format(
            Locale.ROOT,
            "%s %.0f | %.0f | %.2f |%n",
            costs,
            row.p50Millis(),
            row.p99Millis(),
            row.ratioToHeap());
  }
}
