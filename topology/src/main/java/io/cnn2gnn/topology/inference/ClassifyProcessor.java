package io.cnn2gnn.topology.inference;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.topology.bank.Bank;
import io.cnn2gnn.topology.bank.BankConfig;
import io.cnn2gnn.topology.batching.Batch;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Outcome;
import io.cnn2gnn.topology.flow.Outcome.Predicted;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.metrics.KindMeter;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.ServedModel;
import io.cnn2gnn.topology.teaching.Teaching;
import io.cnn2gnn.topology.teaching.TeachingSetup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * A batch in, one prediction or dead letter per image out, in order; then the bank takes in what
 * its policy admits.
 *
 * <p>Records of the labels topic come here too: they are about answers that were given here.
 *
 * <p>The bank is of the model that answered the last batch. When a batch brings another model, the
 * bank changes to that one's space first, so model, prototypes and rows change as one.
 */
public final class ClassifyProcessor implements Processor<byte[], Object, byte[], Object> {
  /** How long a task without images keeps a model that is out of service. */
  private static final Duration IDLE = Duration.ofSeconds(1);

  /** How often it is looked after labels that wait for something. */
  private static final Duration LOOK = Duration.ofMillis(50);

  /** What is shown of a device that is short of memory. */
  public static final KindMeter<?> METER = Bisection.METER;

  private final ActiveModel models;
  private final BankConfig bankConfig;
  private final Publisher publisher;
  private final AnswerListener listener;
  private final LongSupplier wallMillis;
  private final AppMetrics metrics;
  private final TeachingSetup teachingSetup;
  private ProcessorContext<byte[], Object> context;
  private ServedModel served;
  private Bank bank;
  private Bisection bisection;
  private Teaching teaching;
  private Runnable hideBank = () -> {};

  /**
   * One of a task.
   *
   * @param models which of them is in service where no batch says it
   * @param listener hears of every batch
   * @param wallMillis the time of day
   * @param teachingSetup makes what labels do in the task
   */
  public ClassifyProcessor(
      ActiveModel models,
      BankConfig bankConfig,
      Publisher publisher,
      AnswerListener listener,
      LongSupplier wallMillis,
      AppMetrics metrics,
      TeachingSetup teachingSetup) {
    this.models = models;
    this.bankConfig = bankConfig;
    this.publisher = publisher;
    this.listener = listener;
    this.wallMillis = wallMillis;
    this.metrics = metrics;
    this.teachingSetup = teachingSetup;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
    ServedModel model = models.acquire();
    try {
      this.bank = Bank.open(bankConfig, model.model(), context.getStateStore(Nodes.BANK_STORE));
      try {
        this.teaching = teachingSetup.open(context, model, bank::relabel);
      } catch (RuntimeException | Error e) {
        bank.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
    serve(model);
    this.hideBank =
        metrics.bank(context.taskId().partition(), () -> bank.matrix().size(), bank::epoch);
    context.schedule(IDLE, PunctuationType.WALL_CLOCK_TIME, now -> follow());
    context.schedule(LOOK, PunctuationType.WALL_CLOCK_TIME, now -> teaching.tick());
  }

  private void serve(ServedModel model) {
    this.served = model;
    this.bisection = new Bisection(model.classifier(), metrics);
  }

  private void follow() {
    try (ServedModel active = models.acquire()) {
      changeTo(active);
    }
  }

  private void changeTo(ServedModel model) {
    if (model == served) {
      return;
    }
    long start = System.nanoTime();
    ServedModel before = served;
    bank.changeTo(model.model());
    serve(model.retain());
    teaching.changeTo(model);
    before.close();
    metrics.modelChange(System.nanoTime() - start);
  }

  @Override
  public void process(Record<byte[], Object> record) {
    if (record.value() instanceof Source label) {
      teaching.take(label);
    } else {
      classify((Batch) record.value());
    }
  }

  private void classify(Batch batch) {
    changeTo(batch.model());
    bank.teach(teaching.rows(), teaching.ofSource());
    long start = System.nanoTime();
    List<Outcome> outcomes = bisection.classify(batch.images(), bank.matrix());
    long nanos = System.nanoTime() - start;
    metrics.batch(batch.images().size(), nanos);
    // Not the context's time: that is when Kafka Streams began to work off what it had polled.
    Instant now = Instant.ofEpochMilli(wallMillis.getAsLong());
    List<Predicted> predicted = publisher.publish(context, batch, bank.epoch(), now, outcomes);
    List<DecodedImage> images = predicted.stream().map(Predicted::image).toList();
    List<Answer> answers = predicted.stream().map(Predicted::answer).toList();
    long admission = System.nanoTime();
    bank.admit(images.stream().map(DecodedImage::query).toList(), answers);
    teaching.answered(images, answers);
    metrics.admitted(System.nanoTime() - admission);
    listener.answered(served, images, answers, nanos);
  }

  @Override
  public void close() {
    hideBank.run();
    teaching.close();
    bank.close();
    served.close();
  }
}
