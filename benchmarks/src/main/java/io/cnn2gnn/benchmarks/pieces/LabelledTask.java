package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.benchmarks.bank.MovedRows;
import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.graph.Candidates;
import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.BankMatrix;
import io.cnn2gnn.model.inference.BankRow;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.inference.StudentModel;
import io.cnn2gnn.model.torch.Torch;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.LabelOutcome;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.bank.Bank;
import io.cnn2gnn.topology.commit.CommitPace;
import io.cnn2gnn.topology.consumer.Backpressure;
import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.decode.DecodeAhead;
import io.cnn2gnn.topology.decode.ImageLimits;
import io.cnn2gnn.topology.decode.InputImages;
import io.cnn2gnn.topology.decode.Lanes;
import io.cnn2gnn.topology.decode.Patience;
import io.cnn2gnn.topology.decode.Waiting;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.heap.HeapFaults;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.Classifier;
import io.cnn2gnn.topology.serving.ServedModel;
import io.cnn2gnn.topology.teaching.LabelInput;
import io.cnn2gnn.topology.teaching.LabelledTier;
import io.cnn2gnn.topology.teaching.Teaching;
import io.cnn2gnn.topology.teaching.TeachingConfig;
import io.cnn2gnn.topology.teaching.TeachingParts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * What labels do in a task, without a broker and with the service's defaults: images are answered
 * by rows that were moved at random, and the tier reads what the task has sent when it is told to.
 */
final class LabelledTask implements AutoCloseable {
  private static final String IMAGES = "images";
  private static final String LABELS = "labels";
  private static final int SOURCES = 8;
  private static final int LABELLERS = 4;

  private final Random random = new Random(Material.SEED);
  private final MockProcessorContext<byte[], Object> context = new MockProcessorContext<>();
  private final LabelledTier tier = new LabelledTier();
  private final AppMetrics metrics = new AppMetrics(new SimpleMeterRegistry());
  private final AppConfig config;
  private final StudentModel model;
  private final ServedModel served;
  private final DecodeAhead decoding;
  private final Bank bank;
  private final WireWriter<Label> labels;
  private final TeachingParts parts;
  private final List<Answer> seeds;
  private Teaching teaching;
  private long answered;
  private long labelled;
  private long taught;

  /** Nothing is answered yet. */
  LabelledTask() throws BundleException, IOException {
    Material material = new Material();
    config = material.config();
    model = StudentModel.open(material.bundle(), Torch.device("cpu"), Candidates.BOTH);
    served = new ServedModel(model, Classifier.of(model));
    try (BankMatrix empty = model.newBank(0)) {
      seeds = model.classify(material.decoded().stream().map(DecodedImage::query).toList(), empty);
    }
    decoding =
        new DecodeAhead(
            material::decoder,
            Lanes.inline(),
            ImageLimits.trusting(config.topology().maxPixels()),
            new Patience(config.topology().referencePatience(), System::nanoTime, new Waiting()),
            new HeapFaults(System::nanoTime, metrics),
            metrics);
    labels = new WireWriter<>(material.registry(), LABELS, Label.class, true);
    parts = parts(material);
    Teaching.stores().forEach(this::add);
    add(Bank.store());
    bank = Bank.open(config.topology().bank(), model, context.getStateStore(Nodes.BANK_STORE));
    teaching = restored();
  }

  private void add(StoreBuilder<?> builder) {
    StateStore store = builder.withLoggingDisabled().withCachingDisabled().build();
    store.init(context.getStateStoreContext(), store);
  }

  private TeachingParts parts(Material material) {
    ThreadLocal<CommitPace> pace =
        ThreadLocal.withInitial(
            () -> new CommitPace(Duration.ofMillis(20), Duration.ofMillis(200), System::nanoTime));
    LabelInput input =
        new LabelInput(
            new LabelRecords(new WireReader<>(material.registry(), "labels", Label.class)),
            tier,
            "labelled",
            () -> 1,
            new WireWriter<>(material.registry(), "outcomes", LabelOutcome.class, true),
            (answering, answer, truth) -> {},
            Runnable::run,
            new Backpressure(Long.MAX_VALUE),
            new Waiting());
    InputImages images =
        new InputImages(IMAGES, (partition, at) -> List.of(), decoding, new ActiveModel(served));
    return new TeachingParts(
        input,
        images,
        config.topology().bank().minConfidence(),
        pace,
        System::nanoTime,
        System::currentTimeMillis,
        metrics);
  }

  /** What labels do, by what the stores hold: as a task that begins. */
  Teaching restored() {
    return new Teaching(
        config.topology().teaching(),
        parts,
        new DeadLetters(
            () -> model.card().id(), Integer.MAX_VALUE, System::currentTimeMillis, metrics),
        context,
        served,
        bank::relabel);
  }

  TeachingConfig limits() {
    return config.topology().teaching();
  }

  StudentModel model() {
    return model;
  }

  LabelledTier tier() {
    return tier;
  }

  /** Images and their answers. */
  record Answered(List<DecodedImage> images, List<Answer> answers) {}

  /** The next images with answers of which the task has not heard. */
  Answered answers(int count) {
    List<BankRow> rows =
        MovedRows.of(
            seeds.stream().map(Answer::row).toList(),
            count,
            model.card().student().projection(),
            random);
    List<DecodedImage> images = new ArrayList<>(count);
    List<Answer> answers = new ArrayList<>(count);
    for (BankRow row : rows) {
      long number = answered++;
      Optional<byte[]> key = key(number);
      Query query =
          new Query(
              id(number),
              new byte[0],
              Optional.empty(),
              new ImageName(key, id(number)).digest(),
              new ImageName(key, "").digest());
      Answer seed = seeds.get((int) (number % seeds.size()));
      Source source = new Source(IMAGES, 0, number, 0, key, Optional.empty(), new RecordHeaders());
      images.add(new DecodedImage(source, Instant.EPOCH, query, model.card().student().input()));
      answers.add(
          new Answer(
              seed.label(),
              seed.confidence(),
              seed.scores(),
              seed.neighbours(),
              seed.distance(),
              new BankRow(
                  id(number), seed.label(), false, row.values(), query.image(), query.source())));
    }
    return new Answered(images, answers);
  }

  private static String id(long number) {
    return "image-" + number;
  }

  private static Optional<byte[]> key(long number) {
    return Optional.of(("camera-" + number % SOURCES).getBytes(StandardCharsets.UTF_8));
  }

  /** Has the task hear of answers. */
  void remember(Answered one) {
    teaching.answered(one.images(), one.answers());
  }

  /** Answers images, as many as are labelled next, and admits them to the bank. */
  void answer(int count) {
    Answered next = answers(count);
    bank.admit(next.images().stream().map(DecodedImage::query).toList(), next.answers());
    remember(next);
  }

  /**
   * Labels of the images that were answered last.
   *
   * @param classes so many in turn, those of the model first
   */
  List<Source> labels(int count, int classes) {
    List<Source> records = new ArrayList<>(count);
    List<String> known = model.card().classes();
    for (long number = answered - count; number < answered; number++) {
      int name = (int) (number % classes);
      records.add(
          label(number, Optional.of(name < known.size() ? known.get(name) : "class-" + name)));
    }
    return records;
  }

  /** Takes back the labels of the images that were answered last. */
  void takeBack(int count) {
    for (long number = answered - count; number < answered; number++) {
      take(label(number, Optional.empty()));
    }
  }

  private Source label(long number, Optional<String> label) {
    byte[] value =
        labels.write(
            Label.newBuilder()
                .setImageId(id(number))
                .setLabel(label.orElse(null))
                .setLabelledAt(Instant.EPOCH)
                .setLabelledBy("person-" + number % LABELLERS)
                .setKind(LabelKind.TRUTH)
                .setComment(null)
                .setImage(null)
                .build());
    return new Source(
        LABELS, 0, labelled++, 0, key(number), Optional.of(value), new RecordHeaders());
  }

  void take(Source label) {
    teaching.take(label);
  }

  /** What the task has sent to the tier's topic since the last call. */
  List<ConsumerRecord<byte[], byte[]>> sent() {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (CapturedForward<? extends byte[], ?> sent : context.forwarded(Nodes.LABELLED)) {
      records.add(
          new ConsumerRecord<>(
              "labelled", 0, taught++, sent.record().key(), (byte[]) sent.record().value()));
    }
    context.resetForwards();
    return records;
  }

  /** Has the tier read it. */
  void follow() {
    tier.apply(sent());
  }

  /** Fills the tier. */
  void fill(int rows, int classes) {
    int step = 500;
    for (int i = 0; i < rows; i += step) {
      answer(step);
      labels(step, classes).forEach(this::take);
      follow();
    }
    if (tier.rows().rows().size() != rows) {
      throw new IllegalStateException("%d rows, not %d".formatted(tier.rows().rows().size(), rows));
    }
  }

  @Override
  public void close() {
    teaching.close();
    bank.close();
    decoding.close();
    served.close();
  }
}
