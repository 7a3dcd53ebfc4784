package io.cnn2gnn.benchmarks.recovery;

import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Kafka Streams says in a service's log of a store's restoration. It knows better than anybody
 * outside, who sees no more than when the service is ready.
 *
 * @param records that were read
 * @param readSeconds from the task's assignment until the store had them
 * @param seconds until the task was ready to run, when the bank was on the device as well
 */
record RestoreLog(int records, double readSeconds, double seconds) {
  private static final Pattern FINISHED =
      Pattern.compile("Finished restoring changelog .* with a total number of (\\d+) records");
  private static final int TIME = "00:00:00.000".length();

  /**
   * Reads the first restoration after the start.
   *
   * @param changelog topic of the store
   * @throws IOException if the log does not tell of one
   */
  static RestoreLog of(List<String> lines, String changelog) throws IOException {
    String partition = changelog + "-0";
    LocalTime begin = time(find(lines, "Initializing to the starting offset", partition));
    String finished = find(lines, "Finished restoring changelog", partition);
    Matcher records = FINISHED.matcher(finished);
    if (!records.find()) {
      throw new IOException("how many records were restored is not said: " + finished);
    }
    return new RestoreLog(
        Integer.parseInt(records.group(1)),
        seconds(begin, time(finished)),
        seconds(begin, time(find(lines, "Restored and ready to run", "task [0_0]"))));
  }

  private static String find(List<String> lines, String what, String of) throws IOException {
    return lines.stream()
        .filter(line -> line.length() > TIME && line.contains(what) && line.contains(of))
        .findFirst()
        .orElseThrow(
            () -> new IOException("the service's log does not say '%s' of %s".formatted(what, of)));
  }

  private static LocalTime time(String line) {
    return LocalTime.parse(line.substring(0, TIME));
  }

  private static double seconds(LocalTime from, LocalTime to) {
    Duration between = Duration.between(from, to);
    // The log has no dates: a restoration may begin before midnight.
    return (between.isNegative() ? between.plusDays(1) : between).toMillis() / 1e3;
  }
}
