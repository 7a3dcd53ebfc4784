package io.cnn2gnn.topology.teaching;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.topology.decode.Waiting;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.teaching.LabelReader.Read;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class LabelReaderTest {
  private final SchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final WireWriter<Label> writer = new WireWriter<>(registry, "labels", Label.class, true);
  private final LabelRecords records =
      new LabelRecords(new WireReader<>(registry, "labels", Label.class));
  private final List<Runnable> asked = new ArrayList<>();
  private final Waiting waiting = new Waiting();
  private final LabelReader reader = new LabelReader(records, asked::add, () -> 0, waiting);

  private static Source record(long offset, byte[] value) {
    return new Source(
        "labels", 0, offset, 0, Optional.empty(), Optional.of(value), new RecordHeaders());
  }

  private Source label(long offset, String image) {
    return record(
        offset,
        writer.write(
            Label.newBuilder()
                .setImageId(image)
                .setLabel("x")
                .setLabelledBy("ann")
                .setLabelledAt(Instant.EPOCH)
                .build()));
  }

  @Test
  void whatWasAskedForOneRecordIsNoAnswerToAnother() throws Exception {
    Source first = label(1, "a");
    assertThat(reader.now(first)).isEmpty();
    assertThat(reader.later(first)).isEmpty();
    asked.remove(0).run();
    // Somebody else has asked meanwhile, so it is known.
    assertThat(reader.now(first)).isPresent();

    Source unknown = record(2, ByteBuffer.allocate(6).put((byte) 0).putInt(12345).array());
    assertThat(reader.now(unknown)).isEmpty();
    assertThat(reader.later(unknown)).isEmpty();
    asked.remove(0).run();
    assertThat(reader.later(unknown).orElseThrow())
        .isInstanceOfSatisfying(
            Read.Refused.class, read -> assertThat(read.reason()).isEqualTo("UNKNOWN_SCHEMA_ID"));
  }

  @Test
  void aRecordThatIsTooLargeIsRefusedWithoutReadingIt() {
    assertThat(reader.objection(record(1, new byte[1 << 15])).orElseThrow())
        .isInstanceOfSatisfying(
            Read.Refused.class, read -> assertThat(read.reason()).isEqualTo("RECORD_TOO_LARGE"));
    assertThat(reader.objection(label(1, "a"))).isEmpty();
  }
}
