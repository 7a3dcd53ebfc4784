package io.cnn2gnn.schemas.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.confluent.kafka.schemaregistry.ParsedSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the records of the models topic mean together. */
class ReleasesTest {
  private static final List<ReleaseState> STATES = List.of(ReleaseState.values());
  private static final TopicPartition AT = new TopicPartition("models", 0);

  private final FlakyRegistry registry = new FlakyRegistry();
  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private WireWriter<ModelRelease> writer;
  private ReleaseReader reader;
  private long next;

  private static final class FlakyRegistry extends MockSchemaRegistryClient {
    private boolean away;

    @Override
    public ParsedSchema getSchemaBySubjectAndId(String subject, int id)
        throws IOException, RestClientException {
      if (away) {
        throw new ConnectException("away");
      }
      return super.getSchemaBySubjectAndId(subject, id);
    }
  }

  @BeforeEach
  void open() {
    writer = new WireWriter<>(registry, "models", ModelRelease.class, true);
    reader = new ReleaseReader(consumer, "models", registry);
    consumer.updateBeginningOffsets(Map.of(AT, 0L));
    consumer.updateEndOffsets(Map.of(AT, 0L));
  }

  private static ModelRelease release(String version, ReleaseState state) {
    return ModelRelease.newBuilder()
        .setName("m")
        .setVersion(version)
        .setSpace("space-" + version)
        .setBundle(new BundleReference("file:///" + version, "ab".repeat(32), 1L))
        .setState(state)
        .setMetrics(Map.of())
        .setCreatedAt(Instant.EPOCH)
        .build();
  }

  private void add(String key, byte[] value) {
    consumer.addRecord(new ConsumerRecord<>("models", 0, next++, key, value));
    consumer.updateEndOffsets(Map.of(AT, next));
  }

  private void say(String version, ReleaseState state) {
    add("m:" + version, writer.write(release(version, state)));
  }

  private Releases read() {
    return reader.readToEnd(Duration.ofSeconds(5));
  }

  private String active() {
    return read().active("m").map(ModelRelease::getVersion).orElse("none");
  }

  @Test
  void theLastOneMadeActiveAnswersAndTheOneBeforeItIsWhatARollbackGoesTo() {
    assertThat(active()).isEqualTo("none");
    say("1", ReleaseState.ACTIVE);
    say("2", ReleaseState.CANDIDATE);
    assertThat(active()).isEqualTo("1");
    assertThat(read().candidate("m").orElseThrow().getVersion()).isEqualTo("2");
    say("2", ReleaseState.ACTIVE);
    assertThat(active()).isEqualTo("2");
    assertThat(read().previous("m").orElseThrow().getVersion()).isEqualTo("1");
    assertThat(read().candidate("m")).isEmpty();
    say("1", ReleaseState.ACTIVE);
    say("2", ReleaseState.RETIRED);
    assertThat(active()).isEqualTo("1");
    assertThat(read().previous("m")).isEmpty();
    assertThat(read().of("other")).isEmpty();
  }

  @Test
  void aTombstoneForgetsAVersion() {
    say("1", ReleaseState.ACTIVE);
    say("2", ReleaseState.ACTIVE);
    add("m:2", null);
    assertThat(active()).isEqualTo("1");
  }

  @Test
  void whatIsNoReleaseIsPassedOver() {
    say("1", ReleaseState.ACTIVE);
    add("m:2", new byte[] {1, 2, 3});
    add(null, null);
    say("3", ReleaseState.CANDIDATE);
    assertThat(active()).isEqualTo("1");
    assertThat(read().candidate("m")).isPresent();
  }

  @Test
  void whatNoSchemaIsFoundForIsPassedOverByOneWhoWaitsForIt() {
    say("1", ReleaseState.ACTIVE);
    byte[] unknown = {0, 0, 0, 0x27, 0x0f, 1};
    add("m:2", unknown);
    for (int poll = 0; poll < 100; poll++) {
      // A mock forgets what it has given.
      consumer.schedulePollTask(
          () -> consumer.addRecord(new ConsumerRecord<>("models", 0, 1, "m:2", unknown)));
    }
    ReleaseReader patient = new ReleaseReader(consumer, "models", registry, Duration.ofMillis(200));
    assertThat(patient.readToEnd(Duration.ofSeconds(20)).active("m")).isPresent();
  }

  @Test
  void aRegistryThatIsAwayCostsNoRelease() {
    say("1", ReleaseState.ACTIVE);
    registry.away = true;
    assertThatThrownBy(() -> reader.readToEnd(Duration.ofMillis(20)))
        .isInstanceOf(RegistryUnavailableException.class);
    registry.away = false;
    assertThat(consumer.position(AT)).as("it is read again").isZero();
  }

  private ReleaseDecisions decisions() {
    return new ReleaseDecisions(read(), Instant.ofEpochSecond(9));
  }

  private void carryOut(List<ModelRelease> records) {
    for (ModelRelease record : records) {
      assertThat(record.getCreatedAt()).isEqualTo(Instant.ofEpochSecond(9));
      assertThat(record.getReason()).isEqualTo("why");
      add(Releases.key(record), writer.write(record));
    }
  }

  @Test
  void aPromotedCandidateAnswersAndARollbackTakesItBack() throws Exception {
    say("1", ReleaseState.ACTIVE);
    say("2", ReleaseState.CANDIDATE);
    carryOut(decisions().promote("m", Optional.empty(), "why"));
    assertThat(active()).isEqualTo("2");
    List<ModelRelease> rollback = decisions().rollback("m", "why");
    carryOut(rollback.subList(0, 1));
    assertThat(active()).as("with its first record already").isEqualTo("1");
    carryOut(rollback.subList(1, 2));
    assertThat(active()).isEqualTo("1");
    assertThat(read().find("m", "2").orElseThrow().getState()).isEqualTo(ReleaseState.RETIRED);
    carryOut(decisions().promote("m", Optional.of("2"), "why"));
    assertThat(active()).isEqualTo("2");
  }

  @Test
  void aRetiredCandidateIsTriedNoMore() throws Exception {
    say("1", ReleaseState.ACTIVE);
    say("2", ReleaseState.CANDIDATE);
    carryOut(decisions().retire("m", "2", "why"));
    assertThat(read().candidate("m")).isEmpty();
    assertThat(active()).isEqualTo("1");
  }

  @Test
  void whatCannotBeDecidedSaysWhatCould() {
    assertThatThrownBy(() -> decisions().rollback("m", "why"))
        .hasMessage("no release of m is active");
    say("1", ReleaseState.ACTIVE);
    assertThatThrownBy(() -> decisions().promote("m", Optional.empty(), "why"))
        .hasMessageContaining("no candidate");
    assertThatThrownBy(() -> decisions().promote("m", Optional.of("1"), "why"))
        .hasMessage("m:1 is active already");
    assertThatThrownBy(() -> decisions().promote("m", Optional.of("9"), "why"))
        .hasMessage("m:9 was never released; versions of m: [1]");
    assertThatThrownBy(() -> decisions().rollback("m", "why"))
        .hasMessageContaining("m:1 is the only active release");
    assertThatThrownBy(() -> decisions().retire("m", "1", "why"))
        .hasMessageContaining("m:1 is what answers");
    say("2", ReleaseState.RETIRED);
    assertThatThrownBy(() -> decisions().retire("m", "2", "why"))
        .hasMessage("m:2 is retired already");
  }

  private void sayNew(String version, ReleaseState state) {
    ModelRelease release = release(version, state);
    release.setAnswered(state == ReleaseState.ACTIVE);
    add("m:" + version, writer.write(release));
  }

  @Test
  void theNameOfAVersionIsFreeUntilItAnswersAndAfterItWasRefused() throws Exception {
    assertThat(read().isFree("m", "1")).isTrue();
    sayNew("1", ReleaseState.ACTIVE);
    sayNew("2", ReleaseState.CANDIDATE);
    sayNew("3", ReleaseState.RETIRED);
    assertThat(read().isFree("m", "1")).isFalse();
    assertThat(read().isFree("m", "2")).as("it is on trial").isFalse();
    assertThat(read().isFree("m", "3")).as("a gate refused it").isTrue();
    assertThat(read().isFree("other", "1")).isTrue();
    carryOut(decisions().retire("m", "2", "why"));
    assertThat(read().isFree("m", "2")).as("it never answered").isTrue();
    carryOut(decisions().promote("m", Optional.of("3"), "why"));
    carryOut(decisions().rollback("m", "why"));
    assertThat(read().find("m", "3").orElseThrow().getState()).isEqualTo(ReleaseState.RETIRED);
    assertThat(read().isFree("m", "3")).as("predictions name it").isFalse();
  }

  @Test
  void aRecordThatDoesNotSayWhetherItAnsweredMayHave() {
    say("1", ReleaseState.RETIRED);
    assertThat(read().isFree("m", "1")).isFalse();
  }

  /** Whoever reads only what compaction has left agrees with whoever saw everything. */
  @Test
  void compactionChangesNothing() {
    Random random = new Random(7);
    for (int trial = 0; trial < 200; trial++) {
      Releases all = new Releases();
      List<ModelRelease> log = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        ReleaseState state = STATES.get(random.nextInt(STATES.size()));
        log.add(release(Integer.toString(random.nextInt(5)), state));
        all.put(i, log.get(i));
      }
      Releases compacted = new Releases();
      for (int i = 0; i < log.size(); i++) {
        String key = Releases.key(log.get(i));
        if (log.subList(i + 1, log.size()).stream().noneMatch(r -> Releases.key(r).equals(key))) {
          compacted.put(i, log.get(i));
        }
      }
      assertThat(compacted.of("m")).isEqualTo(all.of("m"));
      assertThat(compacted.active("m")).isEqualTo(all.active("m"));
      assertThat(compacted.previous("m")).isEqualTo(all.previous("m"));
    }
  }
}
