package io.cnn2gnn.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.schemas.UnreadableRecordException.Reason;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.Prediction;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class WireReaderFuzzTest {
  private static final int INPUTS = 20_000;

  private final SchemaRegistryClient registry = new MockSchemaRegistryClient();
  private final Random random = new Random(20261123);
  private final Map<Reason, Integer> refused = new EnumMap<>(Reason.class);
  private int read;

  @Test
  void readsOrRefusesWhateverItIsGiven() {
    WireReader<Image> images = new WireReader<>(registry, "images", Image.class);
    WireReader<Prediction> predictions =
        new WireReader<>(registry, "predictions", Prediction.class);
    byte[] image = new WireWriter<>(registry, "images", Image.class, true).write(Samples.image());
    byte[] prediction =
        new WireWriter<>(registry, "predictions", Prediction.class, true)
            .write(Samples.prediction());
    for (int i = 0; i < INPUTS; i += 4) {
      tryToRead(images, noise());
      tryToRead(images, mutated(image));
      tryToRead(predictions, mutated(random.nextInt(8) == 0 ? image : prediction));
      tryToRead(predictions, bodyOfNoise(prediction));
    }
    assertThat(read).isGreaterThan(INPUTS / 20);
    assertThat(refused.keySet()).isEqualTo(EnumSet.complementOf(EnumSet.of(Reason.CORRUPT_JSON)));
  }

  // Any other exception, and any error, fails the test.
  private void tryToRead(WireReader<?> reader, byte[] value) {
    try {
      assertThat(reader.read(new RecordHeaders(), value)).isNotNull();
      read++;
    } catch (UnreadableRecordException e) {
      refused.merge(e.reason(), 1, Integer::sum);
    }
  }

  private byte[] noise() {
    byte[] bytes = new byte[random.nextInt(64)];
    random.nextBytes(bytes);
    if (bytes.length > 0 && random.nextBoolean()) {
      bytes[0] = 0;
    }
    return bytes;
  }

  private byte[] bodyOfNoise(byte[] valid) {
    byte[] bytes = new byte[SchemaId.ID_BYTES + random.nextInt(256)];
    random.nextBytes(bytes);
    System.arraycopy(valid, 0, bytes, 0, SchemaId.ID_BYTES);
    return bytes;
  }

  private byte[] mutated(byte[] valid) {
    byte[] bytes = valid.clone();
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        // The prefix of a huge variable-length number.
        case 2 ->
            Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(10)), (byte) -1);
        default -> bytes = Arrays.copyOf(bytes, Math.max(1, bytes.length + random.nextInt(9) - 4));
      }
    }
    return bytes;
  }
}
