package io.cnn2gnn.topology.teaching;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TierTopicTest {
  private static final TopicPartition AT = new TopicPartition("tier", 0);

  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>(AutoOffsetResetStrategy.EARLIEST.name());
  private final LabelledTier tier = new LabelledTier();

  @Test
  @Timeout(20)
  void aQuestionIsAnsweredOnceTheRecordsOfOpenTransactionsAreRead() throws Exception {
    consumer.updateBeginningOffsets(Map.of(AT, 0L));
    consumer.updateEndOffsets(Map.of(AT, 0L));
    CountDownLatch lookedAt = new CountDownLatch(1);
    try (TierTopic followed =
        TierTopic.follow(
            consumer,
            "tier",
            () -> {
              lookedAt.countDown();
              return 1;
            },
            tier,
            Duration.ofSeconds(5))) {
      assertThat(followed).isNotNull();
      long question = tier.ask();
      assertThat(lookedAt.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(tier.isPast(question)).isFalse();

      CountDownLatch read = new CountDownLatch(2);
      consumer.schedulePollTask(
          () -> {
            ConsumerRecord<byte[], byte[]> row =
                Rows.record(0, "a", Rows.row("a", "x", "ann").encode());
            consumer.addRecord(new ConsumerRecord<>("tier", 0, 0, row.key(), row.value()));
            read.countDown();
          });
      consumer.schedulePollTask(read::countDown);
      assertThat(read.await(10, TimeUnit.SECONDS)).isTrue();
      assertThat(tier.isPast(question)).isTrue();
      assertThat(tier.rows().rows()).hasSize(1);
    }
  }
}
