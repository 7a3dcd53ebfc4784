package io.cnn2gnn.page;

import io.cnn2gnn.page.group.ServiceGroup;
import io.cnn2gnn.page.time.Timeline;
import io.cnn2gnn.schemas.Printable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;

/** What the page answers of the service as a whole: over time, and who answers what now. */
final class ServiceAnswers {
  private static final Duration FRESH = Duration.ofSeconds(2);
  private static final long MOST_HOURS = 24;

  private final ServiceGroup group;
  private final Timeline timeline;
  private final Gallery gallery;
  private final Clock clock;
  private final Kept<Reply> instances;

  ServiceAnswers(ServiceGroup group, Timeline timeline, Gallery gallery, Clock clock) {
    this.group = group;
    this.timeline = timeline;
    this.gallery = gallery;
    this.clock = clock;
    this.instances = new Kept<>(this::ask, FRESH, System::nanoTime);
  }

  /** The last hours. */
  Reply time(Map<String, String> query) {
    Instant now = clock.instant();
    return Reply.json(
        200,
        timeline.view(now.minus(Duration.ofHours(hours(query.getOrDefault("hours", "")))), now));
  }

  private static long hours(String text) {
    try {
      return Math.max(1, Math.min(MOST_HOURS, Long.parseLong(text)));
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  /** Instances and partitions. */
  Reply instances() {
    return instances.get().orElseGet(() -> Reply.problem(503, "the broker is being asked"));
  }

  /** The last answer of a partition: which model gave it, and when. */
  private record Last(String model, String at) {}

  private record Body(ServiceGroup.View group, Map<Integer, Last> last) {}

  private Reply ask() {
    try {
      return Reply.json(200, new Body(group.view(), last()));
    } catch (KafkaException e) {
      return Reply.problem(503, "the instances cannot be seen: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Reply.problem(503, "the page ends");
    }
  }

  private Map<Integer, Last> last() {
    List<Shown> newestFirst = gallery.latest(answer -> true, Integer.MAX_VALUE);
    Map<Integer, Last> last = new HashMap<>();
    for (Shown answer : newestFirst) {
      Optional<Place> place = answer.place();
      place.ifPresent(
          at ->
              last.putIfAbsent(
                  at.partition(),
                  new Last(
                      Printable.of(answer.prediction().getModelVersion()),
                      answer.prediction().getPredictedAt().toString())));
    }
    return last;
  }
}
