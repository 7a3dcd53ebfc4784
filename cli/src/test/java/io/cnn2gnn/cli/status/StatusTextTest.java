package io.cnn2gnn.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.cnn2gnn.model.files.Json;
import io.cnn2gnn.topology.backlog.Backlog;
import io.cnn2gnn.topology.status.ServiceStatus;
import io.cnn2gnn.topology.status.ServiceStatus.DeadLetter;
import io.cnn2gnn.topology.status.ServiceStatus.DeadLetters;
import io.cnn2gnn.topology.status.ServiceStatus.Group;
import io.cnn2gnn.topology.status.ServiceStatus.Labels;
import io.cnn2gnn.topology.status.ServiceStatus.LastAnswer;
import io.cnn2gnn.topology.status.ServiceStatus.Member;
import io.cnn2gnn.topology.status.ServiceStatus.Models;
import io.cnn2gnn.topology.status.ServiceStatus.Released;
import io.cnn2gnn.topology.status.ServiceStatus.Version;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A status as lines and as JSON. */
class StatusTextTest {
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00.500Z");

  private static ServiceStatus late() {
    return new ServiceStatus(
        "app",
        NOW,
        List.of(
            new Backlog(0, 30, Optional.of(NOW.minusMillis(7_840))),
            new Backlog(1, 0, Optional.empty()),
            new Backlog(2, 26, Optional.empty())),
        new Group("STABLE", List.of(new Member("one-1", "app-client", "/10.0.0.1", List.of(0, 1)))),
        new Labels(2, OptionalLong.of(3)),
        new DeadLetters(
            NOW.minus(Duration.ofHours(1)),
            Map.of("EMPTY_VALUE", 2, "CORRUPT_IMAGE", 1),
            true,
            Optional.of(
                new DeadLetter(
                    "images.dead-letter-0@7",
                    "images-0@70",
                    NOW.minusSeconds(125),
                    "EMPTY_VALUE",
                    "it is \u202eempty"))),
        new Models(
            List.of(
                new Released(
                    "m",
                    Optional.of(new Version("1", NOW.minusSeconds(3_600))),
                    Optional.of(new Version("2", NOW.minusSeconds(60))))),
            Optional.of(new LastAnswer(NOW.minusMillis(7_900), "m:1")),
            Optional.empty()));
  }

  private static ServiceStatus nothing() {
    return new ServiceStatus(
        "app",
        NOW,
        List.of(new Backlog(0, 0, Optional.empty())),
        new Group("NONE", List.of()),
        new Labels(0, OptionalLong.empty()),
        new DeadLetters(NOW.minus(Duration.ofHours(1)), Map.of(), true, Optional.empty()),
        new Models(List.of(), Optional.empty(), Optional.of("the registry is away")));
  }

  private static List<String> printed(ServiceStatus status) {
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      StatusText.print(status);
    } finally {
      System.setOut(out);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void aLateServiceInLines() {
    assertThat(printed(late()))
        .containsExactly(
            "app           at 2026-11-30T12:00:00Z",
            "partition     unanswered  the oldest of them",
            "0                     30  7.8 s",
            "1                      0  -",
            "2                     26  not known",
            "all                   56  not known",
            "group         STABLE, members: 1",
            "              one-1 on /10.0.0.1, partitions [0, 1], client app-client",
            "model         m:1 active since 2026-11-30T11:00:00Z, candidate 2 since"
                + " 2026-11-30T11:59:00Z",
            "last answer   7.9 s ago, by m:1",
            "labels        not taken yet: 2, waiting for their image: 3",
            "dead letters  of the last hour: 3 (CORRUPT_IMAGE 1, EMPTY_VALUE 2)",
            "              the newest: images.dead-letter-0@7, of images-0@70, 2 min 5 s ago:"
                + " EMPTY_VALUE, it is \\u202eempty");
  }

  @Test
  void whatIsNotKnownIsSaid() {
    assertThat(printed(nothing()))
        .contains(
            "all                    0  -",
            "group         NONE, members: 0",
            "model         not known: the registry is away",
            "labels        not taken yet: 0, waiting for their image: not counted, for there is too"
                + " much to read",
            "dead letters  of the last hour: 0");
  }

  @Test
  void theSameAsJson() {
    JsonObject json = Json.object(StatusJson.of(late()));
    assertThat(json.get("unanswered").getAsInt()).isEqualTo(56);
    assertThat(json.has("oldestAgeSeconds")).as("it is not known of each partition").isFalse();
    assertThat(json.getAsJsonArray("partitions").get(0))
        .hasToString(
            "{\"partition\":0,\"unanswered\":30,\"oldestAgeSeconds\":7.84,"
                + "\"oldest\":\"2026-11-30T11:59:52.660Z\"}");
    assertThat(json.getAsJsonArray("partitions").get(2))
        .hasToString("{\"partition\":2,\"unanswered\":26}");
    assertThat(
            json.getAsJsonArray("models").get(0).getAsJsonObject().get("candidate").getAsString())
        .isEqualTo("2");
    assertThat(json.getAsJsonObject("labels")).hasToString("{\"unread\":2,\"waiting\":3}");
    assertThat(json.getAsJsonObject("deadLetters").get("count").getAsInt()).isEqualTo(3);
    JsonObject unknown = Json.object(StatusJson.of(nothing()));
    assertThat(unknown.get("modelsUnknown").getAsString()).isEqualTo("the registry is away");
    assertThat(unknown.has("lastAnswer")).isFalse();
    assertThat(unknown.get("oldestAgeSeconds").getAsDouble()).isZero();
    assertThat(unknown.getAsJsonObject("labels").has("waiting")).isFalse();
  }
}
