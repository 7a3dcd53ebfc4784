package io.cnn2gnn.topology.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.topology.flow.Rejection;
import io.cnn2gnn.topology.flow.Rejection.Stage;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
  private static final byte[] VALUE = {1, 2, 3};

  private final DeadLetters letters =
      new DeadLetters(() -> "v1", 1 << 20, () -> 0, new AppMetrics(new SimpleMeterRegistry()));

  private static Source source(RecordHeaders headers) {
    return new Source("images", 0, 7, 0, Optional.of(new byte[] {27}), Optional.of(VALUE), headers);
  }

  @Test
  void theMessagePrintsWhateverItQuotesAndTheRecordStaysAsItWas() {
    RecordHeaders headers = new RecordHeaders();
    headers.add("camera", new byte[] {27, 10});
    Record<byte[], Object> letter =
        letters.of(
            source(headers),
            new Rejection(Stage.DECODE, "INVALID_ID", "no id: \u001b[2J\n0 0 forged \u202ex"));
    assertThat(letter.headers().lastHeader("cnn2gnn.message").value())
        .asString(StandardCharsets.UTF_8)
        .isEqualTo("no id: \\u001b[2J\\u000a0 0 forged \\u202ex");
    assertThat(letter.headers().lastHeader("camera").value()).containsExactly(27, 10);
    assertThat(letter.key()).containsExactly(27);
    assertThat(letter.value()).isEqualTo(VALUE);
  }
}
