package io.cnn2gnn.page;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What answers which path.
 *
 * @param reads to GET, by the query's parameters
 * @param writes to POST
 */
record Routes(Map<String, Function<Map<String, String>, Reply>> reads, Map<String, Write> writes) {
  Routes {
    reads = Map.copyOf(reads);
    writes = Map.copyOf(writes);
  }

  /** What is written, and who may. */
  record Write(Gate.Right right, Writing writing) {}

  /** Writes what a body says, for a user whom a proxy has named. */
  interface Writing {
    Reply write(String body, Optional<String> user) throws InterruptedException;
  }
}
