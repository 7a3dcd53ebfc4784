package io.cnn2gnn.faults;

import java.util.List;

/**
 * Where processes run.
 *
 * @param address at which they listen
 * @param launcher what a command line begins with to run there
 */
record Host(String address, List<String> launcher) {
  /** That of the harness. */
  static final Host HERE = new Host("127.0.0.1", List.of());

  Host {
    launcher = List.copyOf(launcher);
  }
}
