package io.cnn2gnn.topology.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the whole process holds of memory: the JVM's metrics do not see that of libtorch. */
final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String RESIDENT = "VmRSS:";

  private ProcessMemory() {}

  /** Bytes in memory, of which shared libraries are a part; NaN where the system does not tell. */
  static double residentBytes() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(RESIDENT))
          .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("[^0-9]", "")))
          .findFirst()
          .orElse(Double.NaN);
    } catch (IOException e) {
      return Double.NaN; // there is no /proc but on Linux
    }
  }
}
