package io.cnn2gnn.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.Test;

class AdapterTest {
  @Test
  void answersEachRecordByItselfAndRepeatsIt() {
    JsonFormat format = JsonFormat.withOneMapper();
    AtomicInteger closed = new AtomicInteger();
    Scorer sums =
        new Scorer() {
          @Override
          public List<List<Float>> score(List<List<Float>> points) {
            return points.stream()
                .map(p -> List.of((float) p.stream().mapToDouble(Float::doubleValue).sum()))
                .toList();
          }

          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "adapter");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    try (TopologyTestDriver driver =
        new TopologyTestDriver(
            Adapter.topology("in", "out", format, () -> sums), properties, Instant.EPOCH)) {
      var in = driver.createInputTopic("in", new ByteArraySerializer(), new ByteArraySerializer());
      var out =
          driver.createOutputTopic("out", new ByteArrayDeserializer(), new ByteArrayDeserializer());
      JsonBatch first = new JsonBatch(1, List.of(List.of(1f, 2f)), Optional.empty());
      JsonBatch second = new JsonBatch(2, List.of(List.of(3f, 4f)), Optional.empty());
      in.pipeInput(format.write(first));
      in.pipeInput(format.write(second));
      assertThat(out.readValuesToList())
          .extracting(format::read)
          .containsExactly(first.with(List.of(List.of(3f))), second.with(List.of(List.of(7f))));
    }
    assertThat(closed).hasValue(1);
  }
}
