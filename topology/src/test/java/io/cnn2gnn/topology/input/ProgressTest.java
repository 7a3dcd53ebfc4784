package io.cnn2gnn.topology.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.topology.TestStores;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a task makes of records that it has taken before. */
class ProgressTest {
  private static final int PARTITION = 3;

  @TempDir private Path stateDir;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<Source> log = new ArrayList<>();
  private int reads;
  private MockProcessorContext<byte[], Object> context;
  private KeyValueStore<String, byte[]> store;

  @BeforeEach
  void open() {
    context = TestStores.context(PARTITION, stateDir);
    store = TestStores.open(context, Nodes.PENDING_STORE, Serdes.String());
  }

  private Progress start() {
    return Progress.of(context, this::read, new AppMetrics(meters));
  }

  private List<Source> read(int partition, List<Long> offsets) {
    assertThat(partition).isEqualTo(PARTITION);
    reads++;
    return log.stream().filter(source -> offsets.contains(source.offset())).toList();
  }

  private static Source record(long offset, String value) {
    return record(offset, value, 1000 + offset);
  }

  private static Source record(long offset, String value, long timestamp) {
    return new Source(
        "images",
        PARTITION,
        offset,
        timestamp,
        Optional.of(new byte[] {7}),
        Optional.of(value.getBytes(StandardCharsets.UTF_8)),
        new RecordHeaders());
  }

  /** A former life that has taken so many records of a log. */
  private void formerLife(int taken, int written) {
    for (int offset = 0; offset < written; offset++) {
      log.add(record(offset, "image-" + offset));
    }
    Progress progress = start();
    for (Source source : log.subList(0, taken)) {
      assertThat(progress.isRepeat(source)).isFalse();
      progress.taken(source);
    }
    assertThat(reads).isZero();
  }

  @Test
  void whatHasBeenTakenIsSkippedWhenTheOffsetGoesBackAndNoMoreThanThat() {
    formerLife(6, 9);
    Progress progress = start();
    for (Source source : log.subList(2, 6)) {
      assertThat(progress.isRepeat(source)).isTrue();
    }
    for (Source source : log.subList(6, 9)) {
      assertThat(progress.isRepeat(source)).isFalse();
      progress.taken(source);
    }
    assertThat(meters.counter("cnn2gnn.records.repeated").count()).isEqualTo(4);
    assertThat(reads).as("the log is asked once").isEqualTo(1);
  }

  @Test
  void theLastOneAloneIsARepeatToo() {
    formerLife(6, 6);
    assertThat(start().isRepeat(log.get(5))).isTrue();
  }

  @Test
  void aTopicThatWasMadeAnewIsTakenFromItsBeginning() {
    formerLife(6, 6);
    log.clear();
    for (int offset = 0; offset < 3; offset++) {
      log.add(record(offset, "other-" + offset));
    }
    takesAll();
  }

  @Test
  void anewWithTheVerySameImagesItIsStillAnotherTopic() {
    formerLife(6, 6);
    log.replaceAll(s -> record(s.offset(), "image-" + s.offset(), s.timestamp() + 60_000));
    takesAll();
  }

  @Test
  void aLogThatLostItsEndIsTakenWhereItGoesOnWithOtherRecords() {
    formerLife(6, 6);
    log.subList(4, 6).clear();
    for (int offset = 4; offset < 9; offset++) {
      log.add(record(offset, "later-" + offset));
    }
    Progress progress = start();
    for (Source source : log.subList(4, 9)) {
      assertThat(progress.isRepeat(source)).isFalse();
      progress.taken(source);
    }
  }

  private void takesAll() {
    Progress progress = start();
    for (Source source : log) {
      assertThat(progress.isRepeat(source)).isFalse();
      progress.taken(source);
    }
    assertThat(meters.counter("cnn2gnn.records.repeated").count()).isZero();
  }

  @Test
  void aBrokerThatDoesNotTellStopsTheTaskAndNothingIsSkipped() {
    formerLife(6, 6);
    Progress progress =
        Progress.of(
            context,
            (partition, offsets) -> {
              throw new TimeoutException("away");
            },
            new AppMetrics(meters));
    assertThatThrownBy(() -> progress.isRepeat(log.get(0))).isInstanceOf(TimeoutException.class);
    assertThat(meters.counter("cnn2gnn.records.repeated").count()).isZero();
  }

  @Test
  void aDamagedRowIsNamed() {
    store.put("last", new byte[] {1, 2});
    assertThatThrownBy(this::start).hasMessageContaining("row 'last' is damaged");
  }
}
