package io.cnn2gnn.page.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.page.release.ReleaseBoard.Offer;
import io.cnn2gnn.page.release.ReleaseBoard.Order;
import io.cnn2gnn.page.release.ReleaseBoard.Row;
import io.cnn2gnn.schemas.SchemaRegistrationException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelEventKind;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.schemas.release.ReleaseControl;
import io.cnn2gnn.schemas.release.ReleaseDecisions;
import io.cnn2gnn.schemas.release.ReleaseDecisions.RefusedException;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.schemas.release.ReleaseWriter;
import io.cnn2gnn.schemas.release.Releases;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReleaseBoardTest {
  private static final TopicPartition AT = new TopicPartition("models", 0);

  private final SchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final WireWriter<ModelRelease> writer =
      new WireWriter<>(registry, "models", ModelRelease.class, true);
  private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");
  private final MockProducer<String, byte[]> producer =
      new MockProducer<>(true, null, new StringSerializer(), new ByteArraySerializer());
  private final ReleaseEvents events = new ReleaseEvents();
  private final ReleaseBoard board =
      new ReleaseBoard(
          new ReleaseControl(
              () -> new ReleaseReader(consumer, "models", registry),
              () -> new ReleaseWriter(producer, "models", registry, true)),
          events);
  private long next;

  @BeforeEach
  void open() {
    consumer.updateBeginningOffsets(Map.of(AT, 0L));
    consumer.updateEndOffsets(Map.of(AT, 0L));
    assertThat(board.rows()).isEmpty();
  }

  private static ModelRelease release(String version, String space, ReleaseState state) {
    return ModelRelease.newBuilder()
        .setName("signs")
        .setVersion(version)
        .setSpace(space)
        .setBundle(new BundleReference("file:///" + version, "ab".repeat(32), 9L))
        .setState(state)
        .setMetrics(Map.of("accuracy", 0.9))
        .setCreatedAt(Instant.EPOCH)
        .setReason("because")
        .build();
  }

  private void put(ModelRelease release) {
    consumer.addRecord(
        new ConsumerRecord<>("models", 0, next++, Releases.key(release), writer.write(release)));
    consumer.updateEndOffsets(Map.of(AT, next));
  }

  private Row row(String version) {
    return board.rows().stream()
        .filter(row -> row.version().equals(version))
        .findFirst()
        .orElseThrow();
  }

  private static Offer offer(Row row, String action) {
    return row.offers().stream()
        .filter(offer -> offer.action().equals(action))
        .findFirst()
        .orElseThrow();
  }

  private static Order order(Row row, String action) {
    return new Order(
        action,
        row.name(),
        row.version(),
        row.record(),
        offer(row, action).will(),
        Optional.empty(),
        Optional.empty());
  }

  private List<ModelRelease> written() throws Exception {
    WireReader<ModelRelease> reader = new WireReader<>(registry, "models", ModelRelease.class);
    List<ModelRelease> written = new ArrayList<>();
    for (ProducerRecord<String, byte[]> record : producer.history()) {
      assertThat(record.partition()).isZero();
      written.add(reader.read(record.headers(), record.value()));
    }
    return written;
  }

  @Test
  void itSaysBeforehandWhatWillAnswerAndWhatBecomesOfTheBank() {
    put(release("1", "x", ReleaseState.ACTIVE));
    put(release("2", "x", ReleaseState.ACTIVE));
    put(release("3", "y", ReleaseState.CANDIDATE));
    put(release("4", "x", ReleaseState.RETIRED));
    assertThat(row("2").active()).isTrue();
    assertThat(row("1").state()).isEqualTo("replaced");

    assertThat(offer(row("3"), "promote").will())
        .startsWith(
            "Every instance that follows signs and may fetch it will answer with signs:3 instead of signs:2, from one batch to the next. Its bank is another one");
    assertThat(offer(row("4"), "promote").will())
        .contains("Its bank is the same, as both are of one embedding space.")
        .endsWith("It was retired: because.");
    assertThat(offer(row("2"), "rollback").will())
        .startsWith(
            "Every instance that follows signs and may fetch it will answer with signs:1 again instead of signs:2")
        .contains("signs:2 is retired")
        .contains("Its bank is the same");
    assertThat(offer(row("3"), "retire").will()).startsWith("No instance tries signs:3 any more.");
    assertThat(offer(row("1"), "retire").will())
        .startsWith("A rollback will not go back to signs:1 any more.");
  }

  @Test
  void whatTheCommandWouldRefuseIsNotOffered() {
    put(release("1", "x", ReleaseState.ACTIVE));
    put(release("2", "x", ReleaseState.RETIRED));
    assertThat(row("1").offers()).as("the only active one").isEmpty();
    assertThat(row("2").offers()).extracting(Offer::action).containsExactly("promote");
  }

  @Test
  void itWritesWhatTheCommandWouldWrite() throws Exception {
    put(release("1", "x", ReleaseState.ACTIVE));
    put(release("2", "y", ReleaseState.ACTIVE));
    put(release("3", "y", ReleaseState.CANDIDATE));
    Order order = order(row("2"), "rollback");
    Releases now = new Releases();
    now.put(0, release("1", "x", ReleaseState.ACTIVE));
    now.put(1, release("2", "y", ReleaseState.ACTIVE));
    List<ModelRelease> expected =
        new ReleaseDecisions(now, Instant.EPOCH).rollback("signs", ReleaseDecisions.ROLLED_BACK);
    board.carryOut(order);
    assertThat(written())
        .extracting(one -> ModelRelease.newBuilder(one).setCreatedAt(Instant.EPOCH).build())
        .containsExactlyElementsOf(expected);
  }

  @Test
  void whoDecidesAndWhyIsKept() throws Exception {
    put(release("3", "y", ReleaseState.CANDIDATE));
    Order order = order(row("3"), "promote");
    board.carryOut(
        new Order(
            order.action(),
            order.name(),
            order.version(),
            order.record(),
            order.will(),
            Optional.of("it is better"),
            Optional.of("ann")));
    assertThat(written().get(0).getReason()).isEqualTo("it is better (ann)");
    assertThat(written().get(0).getState()).isEqualTo(ReleaseState.ACTIVE);
  }

  @Test
  void whatWouldDoOtherThanWasReadIsNotDone() throws Exception {
    put(release("1", "x", ReleaseState.ACTIVE));
    put(release("2", "x", ReleaseState.ACTIVE));
    put(release("3", "x", ReleaseState.CANDIDATE));
    Order promote = order(row("3"), "promote");
    Order rollback = order(row("2"), "rollback");
    // Somebody else was faster.
    put(release("1", "x", ReleaseState.ACTIVE));
    assertThatThrownBy(() -> board.carryOut(promote))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("have changed since");
    assertThatThrownBy(() -> board.carryOut(rollback)).isInstanceOf(RefusedException.class);
    assertThat(producer.history()).isEmpty();
  }

  /** What it says is the same, word for word. */
  @Test
  void anotherBundleOfTheSameVersionIsNotWhatWasLookedAt() throws Exception {
    put(release("1", "x", ReleaseState.ACTIVE));
    put(release("2", "x", ReleaseState.CANDIDATE));
    Order promote = order(row("2"), "promote");
    put(release("2", "x", ReleaseState.RETIRED));
    ModelRelease other =
        ModelRelease.newBuilder(release("2", "x", ReleaseState.CANDIDATE))
            .setBundle(new BundleReference("file:///other", "cd".repeat(32), 9L))
            .build();
    put(other);
    assertThat(offer(row("2"), "promote").will()).isEqualTo(promote.will());
    assertThatThrownBy(() -> board.carryOut(promote))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("have changed since");
    assertThat(producer.history()).isEmpty();
    board.carryOut(order(row("2"), "promote"));
    assertThat(written().get(0).getBundle()).isEqualTo(other.getBundle());
  }

  @Test
  void aRegistryThatRefusesLeavesNoProducerOpen() {
    SchemaRegistryClient without = new MockSchemaRegistryClient();
    assertThatThrownBy(() -> new ReleaseWriter(producer, "models", without, false))
        .isInstanceOf(SchemaRegistrationException.class);
    assertThat(producer.closed()).isTrue();
  }

  @Test
  void hiddenCharactersAreNoReason() {
    put(release("3", "y", ReleaseState.CANDIDATE));
    Order order = order(row("3"), "promote");
    assertThatThrownBy(
            () ->
                board.carryOut(
                    new Order(
                        order.action(),
                        order.name(),
                        order.version(),
                        order.record(),
                        order.will(),
                        Optional.of("a\u202eb"),
                        Optional.empty())))
        .isInstanceOf(RefusedException.class);
    assertThat(producer.history()).isEmpty();
  }

  @Test
  void instancesTellLastOfEachKind() {
    put(release("3", "y", ReleaseState.CANDIDATE));
    events.add(event("one", ModelEventKind.SHADOWED, "first", 1));
    events.add(event("one", ModelEventKind.SHADOWED, "second", 2));
    events.add(event("two", ModelEventKind.FAILED, "no bundle", 3));
    events.add(event("two", ModelEventKind.STATISTICS, "figures", 4));
    assertThat(row("3").told())
        .extracting(ReleaseBoard.Told::message)
        .containsExactly("no bundle", "second");
  }

  private static ModelEvent event(String instance, ModelEventKind kind, String message, int at) {
    return ModelEvent.newBuilder()
        .setName("signs")
        .setVersion("3")
        .setInstance(instance)
        .setKind(kind)
        .setMessage(message)
        .setAt(Instant.ofEpochSecond(at))
        .build();
  }
}
