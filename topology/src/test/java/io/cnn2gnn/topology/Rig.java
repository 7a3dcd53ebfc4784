package io.cnn2gnn.topology;

import io.cnn2gnn.intake.ImageRecords;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.inference.TestModels;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.model.reference.ReferenceConfig;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageFormat;
import io.cnn2gnn.schemas.avro.ImageReference;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.ClassificationTopology.Clocks;
import io.cnn2gnn.topology.ClassificationTopology.Input;
import io.cnn2gnn.topology.ClassificationTopology.Output;
import io.cnn2gnn.topology.ClassificationTopology.Parts;
import io.cnn2gnn.topology.bank.BankConfig;
import io.cnn2gnn.topology.bank.BankConfig.Admission;
import io.cnn2gnn.topology.batching.BatchConfig;
import io.cnn2gnn.topology.batching.Drain;
import io.cnn2gnn.topology.commit.CommitConfig;
import io.cnn2gnn.topology.consumer.Backpressure;
import io.cnn2gnn.topology.decode.DecodeAhead;
import io.cnn2gnn.topology.decode.ImageLimits;
import io.cnn2gnn.topology.decode.Lanes;
import io.cnn2gnn.topology.decode.Patience;
import io.cnn2gnn.topology.decode.RecordDecoder;
import io.cnn2gnn.topology.decode.Waiting;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.flow.Timestamps;
import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.topology.gather.InputTopics;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.Classifier;
import io.cnn2gnn.topology.serving.ServedModel;
import io.cnn2gnn.topology.teaching.LabelInput;
import io.cnn2gnn.topology.teaching.LabelledTier;
import io.cnn2gnn.topology.teaching.TeachingConfig;
import io.cnn2gnn.topology.trace.Traces;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.test.TestRecord;

/** The topology on a test driver, with an untrained model and a registry in memory. */
final class Rig implements AutoCloseable {
  static final TeachingConfig TEACHING =
      new TeachingConfig(20, 10, 0.5, 4, false, 16, Duration.ofMinutes(1));

  static final TopologyConfig CONFIG =
      config(new BatchConfig(4, Duration.ofMillis(50), 1 << 20), 8);

  /** When it begins, by the time of day. */
  static final Instant START = Instant.parse("2026-11-23T07:15:00Z");

  private static final String TIER = "rig-labelled";

  final SchemaRegistryClient registry;
  final ActiveModel models;
  private final Wrapper wrapper;
  final AtomicLong nanos = new AtomicLong();
  private final AtomicLong wallMillis = new AtomicLong(START.toEpochMilli());
  final Drain drain = new Drain();
  final Waiting waiting = new Waiting();
  final Backpressure backpressure = new Backpressure(1 << 20);
  final List<String> answeredBy = new ArrayList<>();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final TopologyTestDriver driver;
  final TestInputTopic<String, byte[]> images;
  private final TestOutputTopic<String, byte[]> predictions;
  final TestOutputTopic<String, byte[]> deadLetters;
  private final DecodeAhead decoding;
  private final Topology topology;
  private final WireWriter<Image> writer;
  private final WireWriter<Label> labelWriter;
  private final WireReader<LabelOutcome> outcomeReader;
  private final TestInputTopic<String, byte[]> labels;
  private final TestOutputTopic<String, byte[]> outcomes;
  private final TestOutputTopic<byte[], byte[]> labelled;
  final LabelledTier tier = new LabelledTier();
  final List<String> truths = new ArrayList<>();
  private final Map<Long, Source> sent = new HashMap<>();
  private final List<ConsumerRecord<byte[], byte[]>> written = new ArrayList<>();
  private long taught;
  private final WireReader<Prediction> reader;

  /** How the rig's model answers; tests wrap it to break it. */
  interface Wrapper {
    Classifier wrap(Classifier real);
  }

  static TopologyConfig config(BatchConfig batch, int bankCapacity) {
    return config(InputTopics.NONE, batch, bankCapacity);
  }

  static TopologyConfig config(InputTopics inputs, BatchConfig batch, int bankCapacity) {
    return new TopologyConfig(
        TopicNames.DEFAULT,
        inputs,
        batch,
        new CommitConfig(Duration.ofMillis(20), Duration.ofMillis(200)),
        new BankConfig(bankCapacity, Admission.ALL, 0),
        TEACHING,
        1_000_000,
        1 << 20,
        2,
        Duration.ofSeconds(30));
  }

  Rig() {
    this(CONFIG, new MockSchemaRegistryClient(), real -> real);
  }

  Rig(TopologyConfig config, SchemaRegistryClient registry, Wrapper wrapper) {
    this(config, registry, wrapper, "");
  }

  Rig(TopologyConfig config, SchemaRegistryClient registry, Wrapper wrapper, String allowed) {
    this(config, registry, wrapper, allowed, 0);
  }

  Rig(
      TopologyConfig config,
      SchemaRegistryClient registry,
      Wrapper wrapper,
      String allowed,
      int decodeThreads) {
    this.registry = registry;
    this.wrapper = wrapper;
    this.models = new ActiveModel(served(TestModels.untrained(1)));
    writer = new WireWriter<>(registry, "images", Image.class, true);
    reader = new WireReader<>(registry, "predictions", Prediction.class);
    labelWriter = new WireWriter<>(registry, "labels", Label.class, true);
    outcomeReader = new WireReader<>(registry, "labels.outcomes", LabelOutcome.class);
    ReferenceFetcher references =
        new ReferenceFetcher(
            new ReferenceConfig(
                AllowList.of(AllowList.IMAGES, allowed), 1 << 20, Duration.ofSeconds(10)));
    AppMetrics metrics = new AppMetrics(meters);
    ImageLimits limits = ImageLimits.trusting(config.maxPixels());
    ImageRecords records = new ImageRecords(new WireReader<>(registry, "images", Image.class));
    decoding =
        new DecodeAhead(
            () -> new RecordDecoder(records, references, limits, config.maxInputBytes()),
            decodeThreads == 0 ? Lanes.inline() : Lanes.of(decodeThreads),
            limits,
            new Patience(config.referencePatience(), nanos::get, waiting),
            new HeapFaults(nanos::get, metrics),
            metrics);
    topology =
        ClassificationTopology.build(
            config,
            new Parts(
                new Input(
                    models,
                    decoding,
                    (partition, offsets) ->
                        offsets.stream().filter(sent::containsKey).map(sent::get).toList()),
                new Output(
                    (answering, batch, answers, took) -> answeredBy.add(answering.card().id()),
                    new WireWriter<>(registry, "predictions", Prediction.class, true),
                    Traces.none()),
                new LabelInput(
                    new LabelRecords(new WireReader<>(registry, "labels", Label.class)),
                    tier,
                    TIER,
                    () -> 1,
                    new WireWriter<>(registry, "labels.outcomes", LabelOutcome.class, true),
                    (model, answered, truth) -> truths.add(answered + " is " + truth),
                    Runnable::run,
                    new Backpressure(1 << 20),
                    waiting),
                drain,
                backpressure,
                new Clocks(nanos::get, wallMillis::get),
                metrics));
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "rig");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "unused:1");
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, RecordTimeOfRig.class);
    driver = new TopologyTestDriver(topology, properties, START);
    images =
        driver.createInputTopic(
            "images", new StringSerializer(), new ByteArraySerializer(), START, Duration.ZERO);
    predictions =
        driver.createOutputTopic(
            "predictions", new StringDeserializer(), new ByteArrayDeserializer());
    labels = driver.createInputTopic("labels", new StringSerializer(), new ByteArraySerializer());
    outcomes =
        driver.createOutputTopic(
            "labels.outcomes", new StringDeserializer(), new ByteArrayDeserializer());
    labelled =
        driver.createOutputTopic(TIER, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    deadLetters =
        driver.createOutputTopic(
            "images.dead-letter", new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** As the service's, by the rig's own time of day at its start. */
  public static final class RecordTimeOfRig implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
      return Timestamps.extract(record, START.toEpochMilli());
    }
  }

  private ServedModel served(Bundle bundle) {
    try {
      StudentModel model = StudentModel.open(bundle, Torch.device("cpu"), Candidates.BOTH);
      return new ServedModel(model, wrapper.wrap(Classifier.of(model)));
    } catch (BundleException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Puts another model into service. */
  void swap(Bundle bundle) {
    models.replace(served(bundle));
  }

  String describe() {
    return topology.describe().toString();
  }

  /** The value of a counter. */
  double count(String name, String... tags) {
    return meters.counter(name, tags).count();
  }

  /** Images that wait for their batch. */
  long pending() {
    return drain.open();
  }

  /** Lets time pass on both clocks. */
  void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
    wallMillis.addAndGet(time.toMillis());
    driver.advanceWallClockTime(time);
  }

  void send(String key, byte[] value) {
    sent.put(
        (long) sent.size(),
        new Source(
            "images",
            0,
            sent.size(),
            START.toEpochMilli(),
            Optional.ofNullable(key).map(k -> k.getBytes(StandardCharsets.UTF_8)),
            Optional.ofNullable(value),
            new RecordHeaders()));
    images.pipeInput(key, value);
  }

  /** The topic has lost its images, as by retention. */
  void loseImages() {
    sent.clear();
  }

  /** Says a label, or takes one back where it is null, and lets the instances hear of it. */
  void label(String source, Label label) {
    label(source, labelWriter.write(label));
  }

  void label(String source, byte[] value) {
    labels.pipeInput(source, value);
    follow();
  }

  /** A label of somebody, as a person writes it. */
  static Label.Builder said(String imageId, String label) {
    return Label.newBuilder()
        .setImageId(imageId)
        .setLabel(label)
        .setLabelledBy("ann")
        .setLabelledAt(Instant.EPOCH);
  }

  /** What the tasks have written to the labelled tier's topic comes to every instance. */
  void follow() {
    List<ConsumerRecord<byte[], byte[]>> rows = new ArrayList<>();
    for (TestRecord<byte[], byte[]> row : labelled.readRecordsToList()) {
      rows.add(new ConsumerRecord<>(TIER, 0, taught++, row.key(), row.value()));
    }
    written.addAll(rows);
    tier.apply(rows);
  }

  /** What another instance has written meanwhile comes too. */
  void hear(Rig other) {
    tier.apply(
        other.written.stream()
            .map(row -> new ConsumerRecord<>(TIER, 0, taught++, row.key(), row.value()))
            .toList());
  }

  List<LabelOutcome> outcomes() throws UnreadableRecordException {
    List<LabelOutcome> all = new ArrayList<>();
    for (byte[] value : outcomes.readValuesToList()) {
      all.add(outcomeReader.read(new RecordHeaders(), value));
    }
    return all;
  }

  /** An image of noise, in the wire format. */
  byte[] image(String id) {
    return image(id, ImageFormat.PNG, png(id.hashCode()));
  }

  byte[] image(String id, ImageFormat format, byte[] bytes) {
    return image(
        id, InlineImage.newBuilder().setFormat(format).setBytes(ByteBuffer.wrap(bytes)).build());
  }

  /** An image by reference, in the wire format. */
  byte[] reference(String id, String uri, String sha256, long size) {
    return image(
        id, ImageReference.newBuilder().setUri(uri).setSha256(sha256).setSize(size).build());
  }

  private byte[] image(String id, Object content) {
    return writer.write(
        Image.newBuilder()
            .setId(id)
            .setCapturedAt(Instant.EPOCH)
            .setContent(content)
            .setLabel(null)
            .setAttributes(Map.of())
            .build());
  }

  static byte[] png(long seed) {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
    Random random = new Random(seed);
    for (int i = 0; i < 64; i++) {
      image.getRaster().setSample(i % 8, i / 8, 0, random.nextInt(256));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The predictions since the last call, in order. */
  List<Prediction> predictions() {
    return predictions.readValuesToList().stream().map(this::read).toList();
  }

  List<TestRecord<String, byte[]>> predictionRecords() {
    return predictions.readRecordsToList();
  }

  private Prediction read(byte[] value) {
    try {
      return reader.read(new RecordHeaders(), value);
    } catch (UnreadableRecordException e) {
      throw new AssertionError(e);
    }
  }

  static String header(TestRecord<String, byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    driver.close();
    decoding.close();
    models.close();
  }
}
