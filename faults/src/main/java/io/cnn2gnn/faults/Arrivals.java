package io.cnn2gnn.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Packets that come to a host, for iptables to drop. Whoever sent them hears nothing of it; where
 * they leave, the kernel would tell the sender that it may not.
 *
 * @param packets as iptables' rules say it and print it again
 */
record Arrivals(Host at, String packets) {
  static final Path IPTABLES = Path.of("/usr/sbin/iptables");

  private static final Pattern COUNT = Pattern.compile(" -c (\\d+) \\d+ ");

  /**
   * Drops a share of them.
   *
   * @param share further conditions of the rule; may be empty
   */
  void drop(String share) throws IOException, InterruptedException {
    rule("-A", share);
  }

  /** Takes the rule away again. */
  void letIn(String share) throws IOException, InterruptedException {
    rule("-D", share);
  }

  private void rule(String what, String share) throws IOException, InterruptedException {
    var unused = iptables(what, "INPUT " + packets + " " + share + " -j DROP");
  }

  /** How many the rules have dropped. */
  long dropped() throws IOException, InterruptedException {
    return iptables("-v", "-S INPUT")
        .lines()
        .filter(line -> line.contains(packets + " "))
        .map(COUNT::matcher)
        .filter(Matcher::find)
        .mapToLong(count -> Long.parseLong(count.group(1)))
        .sum();
  }

  private String iptables(String what, String rest) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(at.launcher());
    command.addAll(List.of(IPTABLES.toString(), "-w", what));
    Stream.of(rest.split(" ", -1)).filter(word -> !word.isEmpty()).forEach(command::add);
    return Machine.run(command);
  }
}
