package io.cnn2gnn.cli.label;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Terminal;
import java.util.ArrayList;
import java.util.List;

/** All that is wrong with labels, before any of them is sent. */
final class Faults {
  private final List<String> faults = new ArrayList<>();

  /**
   * Remembers one.
   *
   * @param where such as "line 7"
   */
  void add(String where, String what) {
    faults.add(where + ": " + what);
  }

  List<String> all() {
    return List.copyOf(faults);
  }

  /**
   * Does nothing if there are none.
   *
   * @throws CliException if there are; each was named on standard error
   */
  void end(String file) throws CliException {
    if (!faults.isEmpty()) {
      faults.forEach(Terminal::complain);
      throw new CliException(
          "%s: %s above, and nothing was sent; mend them and give it again"
              .formatted(file, faults.size() == 1 ? "1 fault" : faults.size() + " faults"));
    }
  }
}
