package io.cnn2gnn.topology.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.topology.batching.BatchProcessor;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppConfigTest {
  @TempDir private Path folder;

  private static Map<String, String> minimal() {
    Map<String, String> p = new HashMap<>();
    p.put("bootstrap.servers", "localhost:9092");
    p.put("schema.registry.url", "http://localhost:8081");
    p.put(AppConfig.BUNDLE, "some.bundle");
    return p;
  }

  private static AppConfig with(String key, String value) {
    Map<String, String> p = minimal();
    p.put(key, value);
    return AppConfig.of(p);
  }

  @Test
  void hasTheDocumentedDefaults() {
    AppConfig config = AppConfig.of(minimal());
    assertThat(config.topology().batch().maxImages()).isEqualTo(64);
    assertThat(config.topology().batch().maxWait()).isEqualTo(Duration.ofMillis(50));
    assertThat(config.topology().bank().capacity()).isEqualTo(2048);
    assertThat(config.candidates()).isEqualTo(Candidates.BOTH);
    assertThat(config.topology().topics().deadLetters()).isEqualTo("images.dead-letter");
    assertThat(config.httpHost()).isEqualTo("127.0.0.1");
  }

  @Test
  void inputTopicsAreAListOrAPattern() {
    assertThat(with("cnn2gnn.input.topics", "north, south").topology().inputs().names())
        .containsExactly("north", "south");
    assertThatThrownBy(() -> with("cnn2gnn.input.topics.regex", "cam-["))
        .hasMessageStartingWith(
            "cnn2gnn.input.topics, cnn2gnn.input.topics.regex: no regular expression: cam-[");
  }

  private static Properties served(String... settings) {
    Map<String, String> p = minimal();
    for (int i = 0; i < settings.length; i += 2) {
      p.put(AppConfig.PREFIX + settings[i], settings[i + 1]);
    }
    return StreamsSettings.of(AppConfig.of(p));
  }

  @Test
  void otherInstancesReachItWhereItListensUnlessItSaysElsewhere() {
    assertThat(StreamsSettings.advertised(served())).isEmpty();
    assertThat(StreamsSettings.advertised(served("http.port", "0"))).isEmpty();
    assertThat(StreamsSettings.advertised(served("http.port", "8090")))
        .hasValue(new HostInfo("127.0.0.1", 8090));
    assertThat(StreamsSettings.advertised(served("http.port", "8090", "http.host", "::1")))
        .hasValue(new HostInfo("::1", 8090));
    Optional<HostInfo> own =
        StreamsSettings.advertised(served("http.port", "8090", "http.host", "0.0.0.0"));
    if (own.isPresent()) { // a host may not know an address of its own
      assertThat(own.get().port()).isEqualTo(8090);
      assertThat(own.get().host()).isNotEqualTo("0.0.0.0").doesNotStartWith("127.");
    }
    assertThat(
            StreamsSettings.advertised(served("http.port", "8090", "http.advertised", "node7:80")))
        .hasValue(new HostInfo("node7", 80));
  }

  @Test
  void anAdvertisedAddressThatIsNoneIsNamed() {
    assertThatThrownBy(() -> served("http.port", "8090", "http.advertised", "node7"))
        .hasMessageContaining("cnn2gnn.http.advertised must be HOST:PORT: node7");
    assertThatThrownBy(() -> served("http.advertised", "node7:80"))
        .hasMessageContaining("set cnn2gnn.http.port");
  }

  @Test
  void itIsAskedByTheNamesThatItKnowsOfItself() {
    Map<String, String> p = minimal();
    p.put("cnn2gnn.http.port", "8090");
    p.put("cnn2gnn.http.host", "Node7.lan");
    p.put("cnn2gnn.http.advertised", "node7.example.org:80");
    p.put("cnn2gnn.http.allowed.hosts", " bank.example.org, Other ");
    AppConfig config = AppConfig.of(p);
    HttpAddress address =
        HttpAddress.of(config, StreamsSettings.advertised(StreamsSettings.of(config)));
    for (String own :
        List.of("localhost", "node7.lan", "node7.example.org", "bank.example.org", "other")) {
      assertThat(address.admits(own)).as(own).isTrue();
    }
    assertThat(address.admits("attacker.example")).isFalse();
    p.put("cnn2gnn.http.allowed.hosts", "*");
    assertThat(HttpAddress.of(AppConfig.of(p), Optional.empty()).admits("any.example")).isTrue();
    p.put("cnn2gnn.http.allowed.hosts", "bank.example.org:80");
    assertThatThrownBy(() -> AppConfig.of(p))
        .hasMessageContaining("cnn2gnn.http.allowed.hosts takes names of hosts, without a port");
  }

  @Test
  void whatItLeavesBehindIsNamedAfterTheApplication() {
    Map<String, String> p = minimal();
    p.put("application.id", "garden");
    p.put("state.dir", "/var/lib/x");
    p.put("main.consumer.session.timeout.ms", "6000");
    Footprint footprint = Footprint.of(AppConfig.of(p));
    assertThat(footprint.internalTopics())
        .containsExactly(
            "garden-bank-changelog", "garden-pending-changelog", "garden-recent-changelog");
    assertThat(footprint.state()).isEqualTo(Path.of("/var/lib/x/garden"));
    assertThat(footprint.session()).isEqualTo(Duration.ofSeconds(6));
    assertThat(Footprint.of(AppConfig.of(minimal())).session()).isEqualTo(Duration.ofSeconds(45));
    for (String bad : new String[] {"..", "a/b", ""}) {
      p.put("application.id", bad);
      assertThatThrownBy(() -> Footprint.of(AppConfig.of(p)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("application.id");
    }
  }

  @Test
  void passesForeignKeysToTheClientsAndKeepsItsOwn() {
    AppConfig config = with("security.protocol", "SSL");
    assertThat(config.clients())
        .containsEntry("security.protocol", "SSL")
        .doesNotContainKey(AppConfig.BUNDLE);
  }

  @Test
  void namesTheKeyThatIsUnknownMissingOrOutOfRange() {
    assertThatThrownBy(() -> with("cnn2gnn.bank.size", "1"))
        .hasMessageContaining("cnn2gnn.bank.size");
    assertThatThrownBy(() -> with(AppConfig.BUNDLE, " ")).hasMessageContaining(AppConfig.BUNDLE);
    assertThatThrownBy(() -> with("cnn2gnn.bank.capacity", "-1"))
        .hasMessageContaining("bank.capacity");
    assertThatThrownBy(() -> with("cnn2gnn.bank.capacity", "many"))
        .hasMessageContaining("cnn2gnn.bank.capacity must be a whole number: many");
    assertThatThrownBy(() -> with("cnn2gnn.bank.capacity", "4294967297"))
        .hasMessageContaining("cnn2gnn.bank.capacity must not exceed 2147483647: 4294967297");
    assertThatThrownBy(() -> with("cnn2gnn.graph.candidates", "none"))
        .hasMessageContaining("BATCH, BANK, BOTH");
  }

  @Test
  void allowsNoReferencesUnlessToldAndNamesTheKeyThatIsWrong() {
    AppConfig config = AppConfig.of(minimal());
    assertThat(config.references().allowed()).hasToString("");
    assertThat(config.references().maxBytes()).isEqualTo(33_554_432);
    assertThat(config.references().timeout()).isEqualTo(Duration.ofSeconds(2));
    String prefixes = "https://images.example.org/cam/,file:/data/images/";
    assertThat(with("cnn2gnn.reference.allow", prefixes).references().allowed())
        .hasToString(prefixes);
    assertThatThrownBy(() -> with("cnn2gnn.reference.allow", "https://images.example.org"))
        .hasMessageContaining("cnn2gnn.reference.allow: https://images.example.org must end");
    assertThatThrownBy(() -> with("cnn2gnn.reference.max.bytes", "3000000000"))
        .hasMessageContaining("reference.max.bytes must lie in");
    assertThatThrownBy(() -> with("cnn2gnn.reference.timeout.ms", "0"))
        .hasMessageContaining("reference.timeout.ms must be positive");
  }

  @Test
  void staysExactlyOnceAndLetsAnyOtherClientKeyBeChosen() throws Exception {
    assertThatThrownBy(() -> StreamsSettings.of(with("processing.guarantee", "at_least_once")))
        .hasMessageContaining("exactly_once_v2");
    Map<String, String> p = minimal();
    p.put("state.dir", folder.toString());
    p.put("commit.interval.ms", "777");
    assertThat(StreamsSettings.of(AppConfig.of(p)))
        .containsEntry("commit.interval.ms", "777")
        .containsEntry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
  }

  @Test
  void keepsItsInstanceIdInTheStateDirectoryAndSharesItWithNoLivingInstance() throws Exception {
    String first;
    try (InstanceId one = InstanceId.claim(folder);
        InstanceId other = InstanceId.claim(folder)) {
      first = one.value();
      assertThat(first).isNotBlank().isNotEqualTo(other.value());
    }
    try (InstanceId again = InstanceId.claim(folder)) {
      assertThat(again.value()).isEqualTo(first);
      Properties p = StreamsSettings.of(AppConfig.of(minimal()));
      StreamsSettings.join(p, again);
      assertThat(p.getProperty(StreamsConfig.consumerPrefix("group.instance.id"))).isEqualTo(first);
    }
  }

  @Test
  void aKeyTheUserGivesWithoutAPrefixWinsOverOurDefault() {
    Properties p = StreamsSettings.of(AppConfig.of(minimal()));
    String key = StreamsConfig.consumerPrefix("max.poll.interval.ms");
    assertThat(p).containsEntry(key, 60_000);
    p = StreamsSettings.of(with("max.poll.interval.ms", "70000"));
    assertThat(p).containsEntry("max.poll.interval.ms", "70000").doesNotContainKey(key);
    assertThatThrownBy(() -> StreamsSettings.of(with("processing.exception.handler", "x")))
        .hasMessageContaining("would lose images");
  }

  @Test
  void aRecordWithoutATimeHasThatOfNow() {
    ConsumerRecord<Object, Object> record =
        new ConsumerRecord<>(
            "t",
            0,
            0,
            -1,
            TimestampType.NO_TIMESTAMP_TYPE,
            0,
            0,
            "k",
            "v",
            new RecordHeaders(),
            Optional.empty());
    long before = System.currentTimeMillis();
    assertThat(new RecordTime().extract(record, -1)).isBetween(before, System.currentTimeMillis());
  }

  @Test
  void refusesAModelTooSlowForItsTimeouts() throws Exception {
    Properties streams = new Properties();
    streams.put(StreamsConfig.consumerPrefix("max.poll.records"), "500");
    TimeBudget.of(streams, 64, 1).check();
    assertThatThrownBy(() -> TimeBudget.of(streams, 64, 7).check())
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("max.poll.records");
    streams.put(StreamsConfig.mainConsumerPrefix("max.poll.records"), "100");
    TimeBudget.of(streams, 64, 7).check();
    streams.remove(StreamsConfig.mainConsumerPrefix("max.poll.records"));
    streams.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), "60000");
    TimeBudget.of(streams, 64, 7).check();
  }

  @Test
  void aSlowMachineGetsFewerRecordsPerPollUnlessTheUserHasChosen() throws Exception {
    Properties streams = new Properties();
    TimeBudget.fit(streams, Map.of(), 64, 1).check();
    assertThat(streams).containsEntry("main.consumer.max.poll.records", 500);
    TimeBudget slow = TimeBudget.fit(streams, Map.of(), 64, 11);
    slow.check();
    assertThat(streams).containsEntry("main.consumer.max.poll.records", 270);
    assertThatThrownBy(() -> TimeBudget.fit(streams, Map.of(), 64, 60).check())
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("cnn2gnn.batch.max.images");
    assertThatThrownBy(() -> TimeBudget.fit(new Properties(), Map.of(), 4096, 1).check())
        .isInstanceOf(StartupException.class);
    Properties chosen = new Properties();
    Map<String, String> clients = Map.of("consumer.max.poll.records", "400");
    chosen.putAll(clients);
    assertThatThrownBy(() -> TimeBudget.fit(chosen, clients, 64, 11).check())
        .isInstanceOf(StartupException.class);
  }

  @Test
  void replacesAThreadTenTimesInTenMinutesAndStopsAtTheEleventh() {
    long[] nanos = {0};
    ThreadReplacement replacement =
        new ThreadReplacement(() -> nanos[0], refusals(), heap(), () -> true);
    for (int i = 0; i < 10; i++) {
      assertThat(replacement.handle(new IllegalStateException("x")))
          .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    }
    nanos[0] = Duration.ofMinutes(11).toNanos();
    assertThat(replacement.handle(new IllegalStateException("x")))
        .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    for (int i = 0; i < 9; i++) {
      replacement.handle(new IllegalStateException("x"));
    }
    assertThat(replacement.handle(new IllegalStateException("x")))
        .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
  }

  @Test
  void aTopicThatHasGotPartitionsIsFollowedAndNoReasonToGiveUp() {
    AtomicInteger aligned = new AtomicInteger();
    List<Duration> pauses = new ArrayList<>();
    ThreadReplacement replacement =
        new ThreadReplacement(
            () -> 0,
            new Refusals(() -> 0, pauses::add),
            heap(),
            () -> aligned.incrementAndGet() % 2 == 0);
    for (int i = 0; i < 50; i++) {
      assertThat(
              replacement.handle(
                  new StreamsException(
                      "Existing internal topic x-bank-changelog has invalid partitions: expected: 3;"
                          + " actual: 2.")))
          .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    }
    assertThat(aligned).hasValue(50);
    // A thread that would die again at once waits.
    assertThat(pauses).hasSize(25).containsOnly(Refusals.PAUSE);
  }

  @Test
  void neverGivesUpOnABrokerThatIsAway() {
    ThreadReplacement replacement = new ThreadReplacement(() -> 0, refusals(), heap(), () -> true);
    for (int i = 0; i < 50; i++) {
      assertThat(replacement.handle(new StreamsException(new TimeoutException("away"))))
          .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    }
  }

  private static HeapFaults heap() {
    return new HeapFaults(() -> 0, new AppMetrics(new SimpleMeterRegistry()));
  }

  private static Refusals refusals() {
    return new Refusals(() -> 0, pause -> {});
  }

  @Test
  void aRefusalEndsAServiceThatHasNotRunAndOneThatHasIsTriedAgainForever() {
    Refusals refusals = refusals();
    ThreadReplacement replacement = new ThreadReplacement(() -> 0, refusals, heap(), () -> true);
    StreamsException denied =
        new StreamsException(new TopicAuthorizationException(Set.of("predictions")));
    assertThat(replacement.handle(denied)).isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
    assertThat(refusals.fatal())
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .startsWith(
                        "the broker does not allow this user what it needs on topic predictions:"
                            + " add an ACL"));
    refusals.started();
    assertThat(refusals.isAny(0)).isFalse();
    for (int i = 0; i < 50; i++) {
      assertThat(replacement.handle(denied))
          .isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    }
    assertThat(refusals.isAny(0)).isTrue();
    assertThat(refusals.isAny(Refusals.AFTERMATH.toNanos())).isFalse();
  }

  @Test
  void stopsAtOnceOnAnErrorOfTheJvm() {
    assertThat(
            new ThreadReplacement(System::nanoTime, refusals(), heap(), () -> true)
                .handle(new IllegalStateException(new NoClassDefFoundError("x"))))
        .isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
  }

  @Test
  void aThreadThatTheHeapWasTooSmallForBeginsAgainAndTheEleventhEndsTheProcess() {
    ThreadReplacement replacement = new ThreadReplacement(() -> 0, refusals(), heap(), () -> true);
    StreamsException small = new StreamsException(new OutOfMemoryError("Java heap space"));
    for (int i = 0; i < 10; i++) {
      assertThat(replacement.handle(small)).isEqualTo(StreamThreadExceptionResponse.REPLACE_THREAD);
    }
    assertThat(replacement.handle(small)).isEqualTo(StreamThreadExceptionResponse.SHUTDOWN_CLIENT);
  }

  @Test
  void whatDecodingTakesOfAStreamThreadIsPartOfTheBudget() {
    double nothing = TimeBudget.of(new Properties(), 64, 0).pollMillis();
    assertThat(nothing)
        .isEqualTo((double) BatchProcessor.LONGEST_HOLD.toMillis())
        .isBetween(100.0, 1000.0);
  }
}
