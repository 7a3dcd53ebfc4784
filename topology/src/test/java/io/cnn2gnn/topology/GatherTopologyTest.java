package io.cnn2gnn.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.topology.batching.BatchConfig;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.gather.InputTopics;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

class GatherTopologyTest {
  private static final BatchConfig ONE = new BatchConfig(1, Duration.ofMillis(50), 1 << 20);

  private static Rig rig(InputTopics inputs) {
    return new Rig(Rig.config(inputs, ONE, 8), new MockSchemaRegistryClient(), real -> real);
  }

  private static TestInputTopic<String, byte[]> topic(Rig rig, String name) {
    return rig.driver.createInputTopic(
        name, new StringSerializer(), new ByteArraySerializer(), Rig.START, Duration.ZERO);
  }

  @Test
  void isTheCommittedTopologyToTheLetter() throws IOException {
    try (Rig rig = rig(InputTopics.of("north,south", ""));
        var golden = getClass().getResourceAsStream("topology-inputs.txt")) {
      assertThat(rig.describe())
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void imagesOfSeveralTopicsAreAnsweredWithTheirKeysAndCoordinates() {
    try (Rig rig = rig(InputTopics.of("north,south", ""))) {
      topic(rig, "north").pipeInput("gate", rig.image("one"));
      topic(rig, "south").pipeInput(rig.image("two"));
      rig.send("here", rig.image("three"));
      assertThat(rig.predictionRecords())
          .extracting(TestRecord::key)
          .containsExactly("gate", "south-0", "here");
    }
  }

  @Test
  void aPatternTakesTopicsThatMatchItWholly() {
    try (Rig rig = rig(InputTopics.of("", "cam-.*"))) {
      topic(rig, "cam-1").pipeInput("gate", rig.image("one"));
      assertThat(rig.predictionRecords()).hasSize(1);
    }
  }

  @Test
  void coordinatesThatAWriterMadeUpAreReplaced() {
    try (Rig rig = rig(InputTopics.of("north", ""))) {
      RecordHeaders headers = new RecordHeaders();
      headers.add("cnn2gnn.from", "elsewhere-7@7".getBytes(StandardCharsets.UTF_8));
      topic(rig, "north").pipeInput(new TestRecord<>("gate", new byte[] {9}, headers, Rig.START));
      List<TestRecord<String, byte[]>> dead = rig.deadLetters.readRecordsToList();
      assertThat(dead).hasSize(1);
      assertThat(Rig.header(dead.get(0), "cnn2gnn.from")).isEqualTo("north-0@0");
    }
  }

  @Test
  void ofARecordThatIsTooLargeTheCoordinatesBecomeADeadLetter() {
    try (Rig rig = rig(InputTopics.of("north", ""))) {
      topic(rig, "north").pipeInput("gate", new byte[2 << 20]);
      topic(rig, "north").pipeInput("gate", rig.image("next"));
      TestRecord<String, byte[]> dead = rig.deadLetters.readRecord();
      assertThat(dead.key()).isEqualTo("north-0");
      assertThat(Rig.header(dead, DeadLetters.REASON)).isEqualTo("RECORD_UNREADABLE");
      assertThat(Rig.header(dead, DeadLetters.MESSAGE))
          .isEqualTo("north-0@0 has 2097156 bytes, the limit is 1032192");
      assertThat(rig.predictions()).hasSize(1);
    }
  }

  @Test
  void aRecordWithoutAValueIsADeadLetterLikeAnyOther() {
    try (Rig rig = rig(InputTopics.of("north", ""))) {
      topic(rig, "north").pipeInput("gate", null);
      assertThat(Rig.header(rig.deadLetters.readRecord(), "cnn2gnn.from")).isEqualTo("north-0@0");
    }
  }
}
