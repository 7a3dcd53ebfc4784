package io.cnn2gnn.cli.status;

import io.cnn2gnn.topology.backlog.Backlog;
import io.cnn2gnn.topology.status.ServiceStatus;
import io.cnn2gnn.topology.status.ServiceStatus.DeadLetter;
import io.cnn2gnn.topology.status.ServiceStatus.Member;
import io.cnn2gnn.topology.status.ServiceStatus.Released;
import io.cnn2gnn.topology.status.ServiceStatus.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A service's status under the names that JSON has. What is not known is left out; times are ISO
 * 8601 in UTC, ages in seconds.
 */
record StatusJson(
    String application,
    String at,
    long unanswered,
    Optional<Double> oldestAgeSeconds,
    List<PartitionJson> partitions,
    String groupState,
    List<Member> members,
    List<ModelJson> models,
    Optional<String> modelsUnknown,
    Optional<AnswerJson> lastAnswer,
    LabelsJson labels,
    DeadLettersJson deadLetters) {
  record PartitionJson(
      int partition, long unanswered, Optional<Double> oldestAgeSeconds, Optional<String> oldest) {}

  record ModelJson(
      String name,
      Optional<String> active,
      Optional<String> activeSince,
      Optional<String> candidate,
      Optional<String> candidateSince) {}

  record AnswerJson(String at, double ageSeconds, String model) {}

  record LabelsJson(long unread, Optional<Long> waiting) {}

  record DeadLettersJson(
      String since,
      int count,
      boolean isAll,
      Map<String, Integer> reasons,
      Optional<DeadLetterJson> newest) {}

  record DeadLetterJson(String at, String record, String time, String reason, String message) {}

  static StatusJson of(ServiceStatus status) {
    Instant now = status.at();
    ServiceStatus.DeadLetters letters = status.deadLetters();
    return new StatusJson(
        status.application(),
        now.toString(),
        status.unanswered(),
        status.oldest().map(StatusJson::seconds),
        status.backlog().stream().map(one -> partition(one, now)).toList(),
        status.group().state(),
        status.group().members(),
        status.models().releases().stream().map(StatusJson::model).toList(),
        status.models().unknown(),
        status
            .models()
            .lastAnswer()
            .map(
                last ->
                    new AnswerJson(
                        last.at().toString(),
                        seconds(Duration.between(last.at(), now)),
                        last.model())),
        new LabelsJson(
            status.labels().unread(), status.labels().waiting().stream().boxed().findFirst()),
        new DeadLettersJson(
            letters.since().toString(),
            letters.count(),
            letters.isAll(),
            new TreeMap<>(letters.reasons()),
            letters.newest().map(StatusJson::letter)));
  }

  private static PartitionJson partition(Backlog one, Instant now) {
    return new PartitionJson(
        one.partition(),
        one.images(),
        one.age(now).map(StatusJson::seconds),
        one.oldest().map(Instant::toString));
  }

  private static ModelJson model(Released released) {
    return new ModelJson(
        released.name(),
        released.active().map(Version::version),
        released.active().map(version -> version.since().toString()),
        released.candidate().map(Version::version),
        released.candidate().map(version -> version.since().toString()));
  }

  private static DeadLetterJson letter(DeadLetter letter) {
    return new DeadLetterJson(
        letter.at(), letter.record(), letter.time().toString(), letter.reason(), letter.message());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
