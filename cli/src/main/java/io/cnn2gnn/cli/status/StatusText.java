package io.cnn2gnn.cli.status;

import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.schemas.Durations;
import io.cnn2gnn.topology.backlog.Backlog;
import io.cnn2gnn.topology.status.ServiceStatus;
import io.cnn2gnn.topology.status.ServiceStatus.DeadLetter;
import io.cnn2gnn.topology.status.ServiceStatus.Group;
import io.cnn2gnn.topology.status.ServiceStatus.Member;
import io.cnn2gnn.topology.status.ServiceStatus.Models;
import io.cnn2gnn.topology.status.ServiceStatus.Released;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A service's status as lines for people. */
final class StatusText {
  private static final String ROW = "%-13s %s";
  private static final String PARTITION = "%-13s %10s  %s";

  private final ServiceStatus status;

  private StatusText(ServiceStatus status) {
    this.status = status;
  }

  static void print(ServiceStatus status) {
    StatusText text = new StatusText(status);
    text.backlog();
    text.group(status.group());
    text.models(status.models());
    text.labels();
    text.deadLetters();
  }

  private void backlog() {
    Terminal.printf(ROW, status.application(), "at " + status.at().truncatedTo(ChronoUnit.SECONDS));
    Terminal.printf(PARTITION, "partition", "unanswered", "the oldest of them");
    for (Backlog one : status.backlog()) {
      Terminal.printf(
          PARTITION, one.partition(), one.images(), age(one.images(), one.age(status.at())));
    }
    Terminal.printf(
        PARTITION, "all", status.unanswered(), age(status.unanswered(), status.oldest()));
  }

  private static String age(long images, Optional<Duration> age) {
    return images == 0 ? "-" : age.map(Durations::text).orElse("not known");
  }

  private void group(Group group) {
    Terminal.printf(ROW, "group", group.state() + ", members: " + group.members().size());
    for (Member member : group.members()) {
      Terminal.printf(
          ROW,
          "",
          "%s on %s, partitions %s, client %s"
              .formatted(member.instance(), member.host(), member.partitions(), member.client()));
    }
  }

  private void models(Models models) {
    if (models.unknown().isPresent()) {
      Terminal.printf(ROW, "model", "not known: " + models.unknown().get());
      return;
    }
    if (models.releases().isEmpty()) {
      Terminal.printf(ROW, "model", "none was released: the service answers with its own bundle");
    }
    for (Released released : models.releases()) {
      Terminal.printf(ROW, "model", line(released));
    }
    Terminal.printf(
        ROW,
        "last answer",
        models
            .lastAnswer()
            .map(last -> "%s ago, by %s".formatted(since(last.at()), last.model()))
            .orElse("none"));
  }

  private static String line(Released released) {
    List<String> parts = new ArrayList<>();
    parts.add(
        released
            .active()
            .map(
                version ->
                    "%s:%s active since %s"
                        .formatted(released.name(), version.version(), seconds(version.since())))
            .orElse(released.name() + ": no release is active"));
    released
        .candidate()
        .ifPresent(
            version ->
                parts.add(
                    "candidate %s since %s"
                        .formatted(version.version(), seconds(version.since()))));
    return String.join(", ", parts);
  }

  private void labels() {
    Terminal.printf(
        ROW,
        "labels",
        "not taken yet: %d, waiting for their image: %s"
            .formatted(
                status.labels().unread(),
                status.labels().waiting().isPresent()
                    ? status.labels().waiting().getAsLong()
                    : "not counted, for there is too much to read"));
  }

  private void deadLetters() {
    ServiceStatus.DeadLetters letters = status.deadLetters();
    Map<String, Integer> reasons = new TreeMap<>(letters.reasons());
    Terminal.printf(
        ROW,
        "dead letters",
        "of the last hour: %s%d%s"
            .formatted(
                letters.isAll() ? "" : "more than ",
                letters.count(),
                reasons.isEmpty()
                    ? ""
                    : reasons.entrySet().stream()
                        .map(reason -> reason.getKey() + " " + reason.getValue())
                        .collect(Collectors.joining(", ", " (", ")"))));
    letters.newest().ifPresent(this::deadLetter);
  }

  private void deadLetter(DeadLetter letter) {
    Terminal.printf(
        ROW,
        "",
        "the newest: %s, of %s, %s ago: %s, %s"
            .formatted(
                letter.at(),
                letter.record(),
                since(letter.time()),
                letter.reason(),
                letter.message()));
  }

  private String since(Instant time) {
    Duration since = Duration.between(time, status.at());
    return Durations.text(since.isNegative() ? Duration.ZERO : since);
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
