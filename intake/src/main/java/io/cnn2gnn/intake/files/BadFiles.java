package io.cnn2gnn.intake.files;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Images that cannot be used, all told at once: who mends one by one runs as often. */
public final class BadFiles {
  private static final int NAMED = 20;

  private final List<Bad> first = new ArrayList<>();
  private long count;

  private record Bad(String file, String reason) {}

  /** Takes one, and what is wrong with it. */
  public void add(String file, String reason) {
    if (count++ < NAMED) {
      first.add(new Bad(file, reason));
    }
  }

  public boolean isEmpty() {
    return count == 0;
  }

  /**
   * Ends if there is any.
   *
   * @throws IOException that names them, and what is wrong with each
   */
  public void check() throws IOException {
    if (!isEmpty()) {
      throw new IOException(toString());
    }
  }

  /** Names them, those of one reason together. */
  @Override
  public String toString() {
    Map<String, List<String>> byReason =
        first.stream()
            .collect(
                Collectors.groupingBy(
                    Bad::reason,
                    LinkedHashMap::new,
                    Collectors.mapping(Bad::file, Collectors.toList())));
    String named =
        byReason.entrySet().stream()
            .map(e -> String.join(", ", e.getValue()) + ": " + e.getKey())
            .collect(Collectors.joining("; "));
    if (count == 1) {
      return named + "; mend or remove it";
    }
    String more = count > NAMED ? "; and %d more".formatted(count - NAMED) : "";
    return "%d files cannot be used: %s%s; mend or remove them".formatted(count, named, more);
  }
}
