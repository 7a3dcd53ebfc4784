package io.cnn2gnn.topology.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.topology.flow.Source;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class ByteMeterTest {
  private final ByteMeter meter = new ByteMeter(new BytesOrStandIn(2000), 100);

  private byte[] read(int bytes) {
    return meter.values().deserialize("images", new RecordHeaders(), ByteBuffer.allocate(bytes));
  }

  @Test
  void theFirstRecordOfAPollIsTakenWhateverItsSize() {
    assertThat(read(1000)).hasSize(1000);
    assertThatThrownBy(() -> read(1)).isInstanceOf(SerializationException.class);
  }

  private byte[] key(int bytes) {
    return meter.keys().deserialize("images", new RecordHeaders(), ByteBuffer.allocate(bytes));
  }

  @Test
  void theFirstRecordIsTakenWithItsKeyAndTheSecondFailsByKeyOrValue() {
    for (int poll = 0; poll < 3; poll++) {
      meter.reset();
      assertThat(key(1)).hasSize(1);
      assertThat(read(1000)).hasSize(1000);
      assertThatThrownBy(() -> key(1)).isInstanceOf(SerializationException.class);
    }
    meter.reset();
    assertThat(key(10)).hasSize(10);
    assertThat(read(20)).hasSize(20);
    assertThat(key(10)).hasSize(10);
    assertThatThrownBy(() -> read(61)).isInstanceOf(SerializationException.class);
    meter.reset();
    assertThat(key(10)).hasSize(10);
    assertThat(read(61)).hasSize(61);
  }

  @Test
  void keysWithoutValuesCountToo() {
    assertThat(key(99)).hasSize(99);
    assertThatThrownBy(() -> key(2)).isInstanceOf(SerializationException.class);
  }

  @Test
  void aPollEndsWithTheRecordBeforeTheOneThatIsTooMuchAndTheNextBeginsWithIt() {
    assertThat(read(60)).hasSize(60);
    assertThat(read(40)).hasSize(40);
    assertThatThrownBy(() -> read(1)).isInstanceOf(SerializationException.class);
    meter.reset();
    assertThat(read(1)).hasSize(1);
  }

  @Test
  void aRecordThatIsFarTooLargeIsMarkedAndItsBytesAreLeft() {
    RecordHeaders headers = new RecordHeaders();
    assertThat(meter.values().deserialize("images", headers, ByteBuffer.allocate(2001))).isEmpty();
    Source source =
        new Source("images", 3, 7, 0, Optional.empty(), Optional.of(new byte[0]), headers);
    assertThat(StandIn.reason(source))
        .hasValue("it has 2001 bytes, of which no more than 2000 are taken up");
  }

  @Test
  void bytesAreTheRecordsOwnAndNothingStaysNothing() {
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 1, 2, 9}, 1, 2);
    assertThat(meter.values().deserialize("images", new RecordHeaders(), buffer))
        .containsExactly(1, 2);
    assertThat(buffer.remaining()).isEqualTo(2);
    assertThat(meter.values().deserialize("images", new RecordHeaders(), (ByteBuffer) null))
        .isNull();
  }
}
