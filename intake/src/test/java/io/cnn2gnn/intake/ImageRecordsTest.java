package io.cnn2gnn.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.ImageReference;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class ImageRecordsTest {
  private static final Headers NO_HEADERS = new RecordHeaders();

  private static final Instant AT = Instant.ofEpochMilli(1_700_000_000_000L);

  private final MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final WireWriter<Image> writer = new WireWriter<>(registry, "images", Image.class, true);
  private final ImageRecords records =
      new ImageRecords(new WireReader<>(registry, "images", Image.class));

  private byte[] value(String id, String label, Object content) {
    return writer.write(
        Image.newBuilder().setId(id).setLabel(label).setCapturedAt(AT).setContent(content).build());
  }

  private static InlineImage inline(ImageFormat format, byte... bytes) {
    return InlineImage.newBuilder()
        .setFormat(format)
        .setBytes(ByteBuffer.wrap(bytes))
        .setWidth(2)
        .setHeight(1)
        .build();
  }

  private void refuses(byte[] value, String reason) {
    assertThatExceptionOfType(RecordRefusedException.class)
        .isThrownBy(() -> records.read(NO_HEADERS, value))
        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void readsAFileASampleAndAReference() throws Exception {
    ImageRecord file =
        records.read(NO_HEADERS, value("a", "cat", inline(ImageFormat.PNG, (byte) 1, (byte) 2)));
    assertThat(file.id()).isEqualTo("a");
    assertThat(file.label()).hasValue("cat");
    assertThat(file.capturedAt()).isEqualTo(AT);
    assertThat(((ImageContent.File) file.content()).bytes()).containsExactly(1, 2);

    ImageRecord grey =
        records.read(NO_HEADERS, value("b", null, inline(ImageFormat.GRAY8, (byte) 9, (byte) 7)));
    ImageContent.Samples samples = (ImageContent.Samples) grey.content();
    assertThat(grey.label()).isEqualTo(Optional.empty());
    assertThat(samples.bytes()).containsExactly(9, 7);
    assertThat(samples.width()).isEqualTo(2);
    assertThat(samples.height()).isEqualTo(1);
    assertThat(samples.channels()).isEqualTo(1);

    ImageRecord elsewhere =
        records.read(NO_HEADERS, value("c", null, new ImageReference("file:///x", "ab", 12L)));
    assertThat(elsewhere.content()).isEqualTo(new ImageContent.Reference("file:///x", "ab", 12));
  }

  @Test
  void refusesWhatIsNoRecordOfAnImage() {
    refuses(new byte[0], "EMPTY_VALUE");
    refuses(new byte[] {7, 7, 7, 7, 7, 7}, "NO_MAGIC_BYTE");
    refuses(new byte[] {0, 0, 0, 0, 99, 1}, "UNKNOWN_SCHEMA_ID");
  }

  @Test
  void idsAndLabelsHaveOneTo512Characters() throws Exception {
    InlineImage content = inline(ImageFormat.GRAY8, (byte) 9, (byte) 7);
    String longest = "x".repeat(ImageRecords.MAX_TEXT);
    assertThat(records.read(NO_HEADERS, value(longest, longest, content)).id()).isEqualTo(longest);
    refuses(value("", null, content), "INVALID_ID");
    refuses(value(longest + "x", null, content), "INVALID_ID");
    refuses(value("a", "", content), "INVALID_LABEL");
    refuses(value("a", longest + "x", content), "INVALID_LABEL");
  }

  @Test
  void aSchemaThatIsKnownNeedsNobodysAnswer() throws Exception {
    byte[] value = value("a", null, inline(ImageFormat.PNG, (byte) 1));
    assertThat(records.isKnown(NO_HEADERS, value)).isFalse();
    records.read(NO_HEADERS, value);
    assertThat(records.isKnown(NO_HEADERS, value)).isTrue();
  }
}
