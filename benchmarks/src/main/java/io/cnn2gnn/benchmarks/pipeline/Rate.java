package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.benchmarks.goal.Spread;
import java.util.List;
import java.util.Locale;

/**
 * How fast a contestant was in a round.
 *
 * @param perSecond images
 * @param ownMicros of a processor, for an image, in the process in which it runs, with the consumer
 *     that counts its answers
 * @param brokerMicros likewise, in the broker and the registry
 */
public record Rate(double perSecond, double ownMicros, double brokerMicros) {
  /** The head of a table in Markdown: who, and how many of what. */
  static final String HEAD =
      """
      | %s | %s, median | lowest | highest | µs of a processor for each | of the broker's |
      | --- | ---: | ---: | ---: | ---: | ---: |
      """;

  static Rate of(double perSecond, ProcessorTime spent, double images) {
    return new Rate(perSecond, spent.own() / images / 1e3, spent.children() / images / 1e3);
  }

  double micros() {
    return ownMicros + brokerMicros;
  }

  /** A row of a table in Markdown. */
  static String row(String title, List<Rate> rounds) {
    Spread perSecond = Spread.of(rounds.stream().map(Rate::perSecond).toList());
    return String.format(
        Locale.ROOT,
        "| %s | %,.0f | %,.0f | %,.0f | %,.0f | %,.0f |%n",
        title,
        perSecond.median(),
        perSecond.lowest(),
        perSecond.highest(),
        Spread.of(rounds.stream().map(Rate::ownMicros).toList()).median(),
        Spread.of(rounds.stream().map(Rate::brokerMicros).toList()).median());
  }
}
