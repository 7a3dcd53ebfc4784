package io.cnn2gnn.training.topic;

import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
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
  /** Of whatever is sent without a source. */
  private static final byte[] SOURCE = {'c', 'a', 'm'};

  private final String name;
  private final List<List<ConsumerRecord<byte[], byte[]>>> partitions;
  private final WireWriter<Image> images;
  private final WireWriter<Label> labels;
  private final Map<Integer, Long> begins = new HashMap<>();
  private int consumers;

  public FakeTopic(String name, int partitions, SchemaRegistryClient registry) {
    this.name = name;
    this.partitions = IntStream.range(0, partitions).mapToObj(p -> newPartition()).toList();
    this.images = new WireWriter<>(registry, name, Image.class, true);
    this.labels = new WireWriter<>(registry, name + ".labels", Label.class, true);
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
    sendBytes(partition, time, images.write(image));
  }

  public void send(int partition, long time, byte[] source, Image image) {
    sendBytes(partition, time, source, images.write(image));
  }

  public void send(int partition, long time, Label label) {
    sendBytes(partition, time, labels.write(label));
  }

  public void send(int partition, long time, byte[] source, Label label) {
    sendBytes(partition, time, source, labels.write(label));
  }

  /** What somebody says; null takes back. */
  public static Label label(String id, String label, String by, LabelKind kind) {
    return Label.newBuilder()
        .setImageId(id)
        .setLabel(label)
        .setLabelledBy(by)
        .setLabelledAt(Instant.EPOCH)
        .setKind(kind)
        .build();
  }

  /** As an image is called that was sent without a source of its own. */
  static ImageName name(String id) {
    return new ImageName(Optional.of(SOURCE), id);
  }

  public void sendBytes(int partition, long time, byte[] value) {
    sendBytes(partition, time, SOURCE, value);
  }

  private void sendBytes(int partition, long time, byte[] source, byte[] value) {
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
            source,
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
    return consumer(List.of(this));
  }

  /** Of a broker that has these topics, to which others may come. */
  public static Consumer<byte[], byte[]> consumer(List<FakeTopic> topics) {
    return new Reader(topics);
  }

  private List<ConsumerRecord<byte[], byte[]>> kept(int partition) {
    return partitions.get(partition).stream()
        .filter(r -> r.offset() >= begins.getOrDefault(partition, 0L))
        .toList();
  }

  private static final class Reader extends MockConsumer<byte[], byte[]> {
    private final List<FakeTopic> there;
    private final Map<String, FakeTopic> topics = new HashMap<>();

    Reader(List<FakeTopic> there) {
      super("earliest");
      this.there = there;
      there.forEach(this::know);
    }

    @Override
    public synchronized List<PartitionInfo> partitionsFor(String topic) {
      there.stream().filter(each -> !topics.containsKey(each.name)).forEach(this::know);
      return super.partitionsFor(topic);
    }

    private void know(FakeTopic topic) {
      topic.consumers++;
      topics.put(topic.name, topic);
      List<PartitionInfo> infos = new ArrayList<>();
      for (int p = 0; p < topic.partitions.size(); p++) {
        infos.add(new PartitionInfo(topic.name, p, null, null, null));
        TopicPartition at = new TopicPartition(topic.name, p);
        updateBeginningOffsets(Map.of(at, topic.begins.getOrDefault(p, 0L)));
        updateEndOffsets(Map.of(at, (long) topic.partitions.get(p).size()));
      }
      updatePartitions(topic.name, infos);
    }

    @Override
    public synchronized void assign(Collection<TopicPartition> assigned) {
      super.assign(assigned);
      for (TopicPartition at : assigned) {
        topics.get(at.topic()).kept(at.partition()).forEach(this::addRecord);
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
                  topics.get(at.topic()).partitions.get(at.partition()).stream()
                      .filter(r -> r.timestamp() >= time)
                      .findFirst()
                      .map(r -> new OffsetAndTimestamp(r.offset(), r.timestamp()))
                      .orElse(null)));
      return found;
    }

    @Override
    public void close() {
      topics.values().forEach(topic -> topic.consumers--);
      super.close();
    }
  }
}
