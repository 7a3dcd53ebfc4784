package io.cnn2gnn.page.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Instant START = Instant.parse("2026-11-30T10:00:00Z");
  private static final Instant END = START.plus(Duration.ofHours(1));

  private final Timeline timeline = new Timeline();

  private void tell(
      String version, String instance, ModelEventKind kind, int second, Map<String, Double> of) {
    timeline.add(
        ModelEvent.newBuilder()
            .setName("signs")
            .setVersion(version)
            .setInstance(instance)
            .setKind(kind)
            .setMessage("said")
            .setMetrics(of)
            .setAt(START.plusSeconds(second))
            .build());
  }

  private void judged(String version, String instance, int second, double accuracy, double of) {
    tell(
        version,
        instance,
        ModelEventKind.STATISTICS,
        second,
        Map.of("truth.accuracy", accuracy, "truth.judged", of, "truth.usual", 0.95));
  }

  @Test
  void instancesCountByTheAnswersThatWereJudgedAndOnlyWithTheLastThatTheyTold() {
    judged("1", "one", 1, 0.2, 100);
    judged("1", "one", 2, 0.9, 300);
    judged("1", "two", 3, 0.5, 100);
    Timeline.Line line = timeline.view(START, END).accuracy().lines().get(0);
    assertThat(line.model()).isEqualTo("signs:1");
    assertThat(line.usual()).contains(0.95);
    assertThat(line.points()).hasSize(1);
    assertThat(line.points().get(0).value()).isEqualTo(0.8, within(1e-9));
    assertThat(line.points().get(0).count()).isEqualTo(400);
  }

  @Test
  void modelsHaveLinesOfTheirOwnInTheOrderInWhichTheyAnswered() {
    judged("2", "one", 1200, 0.9, 10);
    judged("1", "one", 60, 0.8, 10);
    judged("1", "one", 120, 0.7, 10);
    assertThat(timeline.view(START, END).accuracy().lines())
        .extracting(Timeline.Line::model)
        .containsExactly("signs:1", "signs:2");
    assertThat(timeline.view(START, END).accuracy().lines().get(0).points()).hasSize(2);
  }

  @Test
  void aChangeIsOneWhateverTheNumberOfInstancesThatMakeIt() {
    tell("2", "one", ModelEventKind.ACTIVATED, 100, Map.of());
    tell("2", "two", ModelEventKind.ACTIVATED, 103, Map.of());
    tell("1", "one", ModelEventKind.ACTIVATED, 110, Map.of());
    tell("2", "one", ModelEventKind.ACTIVATED, 900, Map.of());
    long start = START.toEpochMilli();
    assertThat(timeline.view(START, END).changes())
        .containsExactly(
            new Timeline.Change(start + 100_000, "signs:2", 2),
            new Timeline.Change(start + 110_000, "signs:1", 1),
            new Timeline.Change(start + 900_000, "signs:2", 1));
  }

  @Test
  void anInstanceThatDoesNotSpeakForAMomentCountsWithWhatItToldLast() {
    judged("1", "one", 0, 0.9, 300);
    judged("1", "two", 40, 0.5, 100);
    judged("1", "one", 80, 0.9, 300);
    judged("1", "one", 1200, 0.7, 300);
    assertThat(timeline.view(START, END).accuracy().lines().get(0).points())
        .extracting(Timeline.Point::value)
        .as("until it has been silent for long")
        .containsExactly(0.9, 0.8, 0.8, 0.7);
    assertThat(timeline.view(START.plusSeconds(60), END).accuracy().lines().get(0).points())
        .extracting(Timeline.Point::value)
        .containsExactly(0.8, 0.7);
  }

  @Test
  void pointsStayWhereTheyAreWhileTimeGoesOn() {
    judged("1", "one", 100, 0.9, 300);
    judged("1", "one", 500, 0.9, 300);
    assertThat(timeline.view(START.plusSeconds(7), END.plusSeconds(7)).accuracy())
        .isEqualTo(timeline.view(START, END).accuracy());
  }

  @Test
  void aRestartIsNoOtherModel() {
    tell("1", "one", ModelEventKind.ACTIVATED, 100, Map.of());
    tell("1", "two", ModelEventKind.ACTIVATED, 101, Map.of());
    tell("1", "two", ModelEventKind.ACTIVATED, 110, Map.of());
    tell("1", "one", ModelEventKind.ACTIVATED, 1000, Map.of());
    tell("1", "three", ModelEventKind.ACTIVATED, 1001, Map.of());
    assertThat(timeline.view(START, END).changes())
        .containsExactly(new Timeline.Change(START.toEpochMilli() + 100_000, "signs:1", 2));
    assertThat(timeline.view(START.plusSeconds(500), END).changes()).isEmpty();
  }

  @Test
  void distancesAndAlarmsAreThoseOfTheTimeThatIsLookedAt() {
    tell("1", "one", ModelEventKind.STATISTICS, 10, Map.of("distance", 0.1, "images", 500.0));
    tell("1", "one", ModelEventKind.DRIFTED, 20, Map.of("distance", 0.4, "images", 500.0));
    tell("1", "one", ModelEventKind.STATISTICS, 7200, Map.of("distance", 0.5));
    tell("1", "one", ModelEventKind.STATISTICS, 30, Map.of("distance", Double.NaN));
    Timeline.View view = timeline.view(START, END);
    // Of one slot.
    assertThat(view.distance().lines().get(0).points())
        .extracting(Timeline.Point::value)
        .containsExactly(0.4);
    assertThat(view.alarms()).extracting(Timeline.Alarm::message).containsExactly("said");
    assertThat(view.accuracy().lines()).isEmpty();
    assertThat(timeline.view(START.minusSeconds(60), START).alarms()).isEmpty();
  }
}
