package io.cnn2gnn.benchmarks.pieces;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What each piece takes, as it is written to a JSON file too.
 *
 * @param description of the forks and the machine
 * @param pieces in the order of their names
 */
public record PiecesReport(String description, List<Piece> pieces) {
  private static final String BATCH = "batch";

  /**
   * One piece with one choice of its parameters.
   *
   * @param name class and method
   * @param parameters by name
   * @param micros per call, the mean of the iterations
   * @param error half of its 99.9 % confidence interval
   */
  record Piece(String name, Map<String, String> parameters, double micros, double error) {
    /** Of a call, whose parameter {@code batch} says how many images it takes. */
    double microsPerImage() {
      return micros / Integer.parseInt(parameters.getOrDefault(BATCH, "1"));
    }
  }

  /** As Markdown. */
  public String tables() {
    StringBuilder text = new StringBuilder(description);
    text.append(
        """


        | piece | parameters | us per call | error | us per image |
        | --- | --- | ---: | ---: | ---: |
        """);
    for (Piece piece : pieces) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %,.1f | %,.1f | %,.1f |%n",
              piece.name(),
              piece.parameters().entrySet().stream()
                  .map(p -> p.getKey() + " " + p.getValue())
                  .collect(Collectors.joining(", ")),
              piece.micros(),
              piece.error(),
              piece.microsPerImage()));
    }
    return text.toString();
  }
}
