package io.cnn2gnn.lab.compose;

import io.cnn2gnn.cli.kit.CliException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How a compose file finds out whether a service is healthy.
 *
 * @param command what is run; exit code 0 is healthy
 * @param grace after the start in which failures do not count
 * @param retries failures in a row that count as unhealthy
 */
record ComposeCheck(
    List<String> command, Duration interval, Duration timeout, Duration grace, int retries) {
  ComposeCheck {
    command = List.copyOf(command);
  }

  static ComposeCheck of(String service, Map<String, Object> raw) throws CliException {
    List<String> test = ComposeService.texts(raw.get("test"));
    if (test.size() < 2 || !List.of("CMD", "CMD-SHELL").contains(test.get(0))) {
      throw new CliException(
          "the health check of %s must be [CMD, ...] or [CMD-SHELL, ...]: %s"
              .formatted(service, test));
    }
    return new ComposeCheck(
        test.get(0).equals("CMD")
            ? test.subList(1, test.size())
            : List.of("bash", "-c", test.get(1)),
        duration(service, raw, "interval", "30s"),
        duration(service, raw, "timeout", "30s"),
        duration(service, raw, "start_period", "0s"),
        Integer.parseInt(raw.getOrDefault("retries", 3).toString()));
  }

  private static Duration duration(
      String service, Map<String, Object> raw, String key, String otherwise) throws CliException {
    String text = raw.getOrDefault(key, otherwise).toString();
    if (!text.matches("[0-9]+s")) {
      throw new CliException(
          "%s of the health check of %s must be in seconds, such as 5s: %s"
              .formatted(key, service, text));
    }
    return Duration.ofSeconds(Long.parseLong(text.substring(0, text.length() - 1)));
  }

  /** By when a service must be healthy that has just started. */
  Duration patience() {
    return grace.plus(interval.multipliedBy(retries));
  }

  ComposeCheck with(List<String> other) {
    return new ComposeCheck(other, interval, timeout, grace, retries);
  }
}
