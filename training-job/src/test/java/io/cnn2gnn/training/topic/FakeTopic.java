package io.cnn2gnn.training.topic;

import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A topic in memory, whose records every new consumer finds again. */
public final class FakeTopic {
  private final String name;
  private final List<List<ConsumerRecord<byte[], byte[]>>> partitions;
  private final WireWriter<Image> writer;
  private final Map<Integer, Long> begins = new HashMap<>();
  private int consumers;

  public FakeTopic(String name, int partitions, SchemaRegistryClient registry) {
    this.name = name;
    this.partitions = IntStream.range(0, partitions).mapToObj(p -> newPartition()).toList();
    this.writer = new WireWriter<>(registry, name, Image.class, true);
  }

  private static List<ConsumerRecord<byte[], byte[]>> newPartition() {
    return new ArrayList<>();
  }

  /** A raw grey image. */
  public static Image image(
      String id, Optional<String> label, int width, int height, byte[] samples) {
    return image(id, label, ImageFormat.GRAY8, width, height, samples);
  }

  public static Image image(
      String id, Optional<String> label, ImageFormat format, int width, int height, byte[] bytes) {
    return Image.newBuilder()
        .setId(id)
        .setCapturedAt(Instant.EPOCH)
        .setContent(
            InlineImage.newBuilder()
                .setFormat(format)
                .setWidth(width)
                .setHeight(height)
                .setBytes(ByteBuffer.wrap(bytes))
                .build())
        .setLabel(label.orElse(null))
        .build();
  }

  /** Sends a 2 x 2 image of one shade. */
  void send(int partition, long time, String id, String label, int shade) {
    byte s = (byte) shade;
    Image image = image(id, Optional.ofNullable(label), 2, 2, new byte[] {s, s, s, s});
    send(partition, time, image);
  }

  public void send(int partition, long time, Image image) {
    sendBytes(partition, time, writer.write(image));
  }

  void sendBytes(int partition, long time, byte[] value) {
    List<ConsumerRecord<byte[], byte[]>> records = partitions.get(partition);
    records.add(
        new ConsumerRecord<>(
            name,
            partition,
            records.size(),
            time,
            TimestampType.CREATE_TIME,
            0,
            0,
            new byte[0],
            value,
            new RecordHeaders(),
            Optional.empty()));
  }

  /** Retention: the first records are gone. */
  void forget(int partition, long begin) {
    begins.put(partition, begin);
  }

  /** The topic is deleted and made anew. */
  void clear() {
    partitions.forEach(List::clear);
  }

  /** How many consumers are open. */
  int open() {
    return consumers;
  }

  public Consumer<byte[], byte[]> consumer() {
    consumers++;
    return new Reader();
  }

  private final class Reader extends MockConsumer<byte[], byte[]> {
    Reader() {
      super("earliest");
      List<PartitionInfo> infos = new ArrayList<>();
      for (int p = 0; p < partitions.size(); p++) {
        infos.add(new PartitionInfo(name, p, null, null, null));
        TopicPartition at = new TopicPartition(name, p);
        updateBeginningOffsets(Map.of(at, begins.getOrDefault(p, 0L)));
        updateEndOffsets(Map.of(at, (long) partitions.get(p).size()));
      }
      updatePartitions(name, infos);
    }

    @Override
    public synchronized void assign(Collection<TopicPartition> assigned) {
      super.assign(assigned);
      for (TopicPartition at : assigned) {
        partitions.get(at.partition()).stream()
            .filter(r -> r.offset() >= begins.getOrDefault(at.partition(), 0L))
            .forEach(this::addRecord);
      }
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
        Map<TopicPartition, Long> times) {
      Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
      times.forEach(
          (at, time) ->
              found.put(
                  at,
                  partitions.get(at.partition()).stream()
                      .filter(r -> r.timestamp() >= time)
                      .findFirst()
                      .map(r -> new OffsetAndTimestamp(r.offset(), r.timestamp()))
                      .orElse(null)));
      return found;
    }

    @Override
    public void close() {
      consumers--;
      super.close();
    }
  }
}
