package io.cnn2gnn.topology.gather;

import io.cnn2gnn.intake.Arrived;
import io.cnn2gnn.topology.commit.CommitPace;
import io.cnn2gnn.topology.consumer.StandIn;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Source;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * A record of an input topic in, the same for the images topic out, with its coordinates in a
 * header. A record without a key gets the name of its topic and its partition for one: what such a
 * partition brings is one source, and stays in order. Of a record that the images topic would not
 * take, the coordinates go on alone, and become its dead letter.
 */
public final class GatherProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  /** As long as a poll waits at least: a timer ticks no sooner. */
  private static final Duration TICK = Duration.ofMillis(5);

  private static final byte[] NONE = {};

  private final int maxBytes;
  private final ThreadLocal<CommitPace> pace;
  private ProcessorContext<byte[], byte[]> context;

  /**
   * One of a task.
   *
   * @param maxBytes the largest record that the images topic takes
   * @param pace of the thread, which is told of what has to be committed
   */
  public GatherProcessor(int maxBytes, ThreadLocal<CommitPace> pace) {
    this.maxBytes = maxBytes;
    this.pace = pace;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
    context.schedule(
        TICK, PunctuationType.WALL_CLOCK_TIME, now -> pace.get().work(this::commitIfDue));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    pace.get().work(() -> gather(record));
  }

  private void gather(Record<byte[], byte[]> record) {
    RecordMetadata at =
        context
            .recordMetadata()
            .orElseThrow(() -> new IllegalStateException("gather reads from topics only"));
    context.forward(takenOver(at, record), Nodes.GATHERED);
    pace.get().answered();
    commitIfDue();
  }

  private Record<byte[], byte[]> takenOver(RecordMetadata at, Record<byte[], byte[]> record) {
    String partition = at.topic() + "-" + at.partition();
    String coordinates = partition + "@" + at.offset();
    byte[] origin = partition.getBytes(StandardCharsets.UTF_8);
    byte[] key = record.key() == null ? origin : record.key();
    byte[] value = record.value() == null ? NONE : record.value();
    long bytes = Source.bytes(key, value, record.headers());
    if (bytes > maxBytes) {
      Headers marked =
          StandIn.mark(
              new RecordHeaders(),
              "%s has %d bytes, the limit is %d".formatted(coordinates, bytes, maxBytes));
      return new Record<>(origin, NONE, record.timestamp(), from(marked, coordinates));
    }
    return new Record<>(key, value, record.timestamp(), from(record.headers(), coordinates));
  }

  /** Whatever a writer says of it. */
  private static Headers from(Headers headers, String coordinates) {
    headers.remove(Arrived.FROM);
    return headers.add(Arrived.FROM, coordinates.getBytes(StandardCharsets.UTF_8));
  }

  private void commitIfDue() {
    if (pace.get().isDue()) {
      context.commit();
    }
  }
}
