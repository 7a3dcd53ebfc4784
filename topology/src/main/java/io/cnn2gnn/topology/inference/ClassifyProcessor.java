package io.cnn2gnn.topology.inference;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.topology.bank.Bank;
import io.cnn2gnn.topology.bank.BankConfig;
import io.cnn2gnn.topology.batching.Batch;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.Outcome;
import io.cnn2gnn.topology.flow.Outcome.Predicted;
import io.cnn2gnn.topology.metrics.AppMetrics;
import io.cnn2gnn.topology.metrics.KindMeter;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.ServedModel;
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
 * <p>The bank is of the model that answered the last batch. When a batch brings another model, the
 * bank changes to that one's space first, so model, prototypes and rows change as one.
 */
public final class ClassifyProcessor implements Processor<byte[], Batch, byte[], Object> {
  /** How long a task without images keeps a model that is out of service. */
  private static final Duration IDLE = Duration.ofSeconds(1);

  /** What is shown of a device that is short of memory. */
  public static final KindMeter<?> METER = Bisection.METER;

  private final ActiveModel models;
  private final BankConfig bankConfig;
  private final Publisher publisher;
  private final AnswerListener listener;
  private final LongSupplier wallMillis;
  private final AppMetrics metrics;
  private ProcessorContext<byte[], Object> context;
  private ServedModel served;
  private Bank bank;
  private Bisection bisection;
  private Runnable hideBank = () -> {};

  /**
   * One of a task.
   *
   * @param models which of them is in service where no batch says it
   * @param listener hears of every batch
   * @param wallMillis the time of day
   */
  public ClassifyProcessor(
      ActiveModel models,
      BankConfig bankConfig,
      Publisher publisher,
      AnswerListener listener,
      LongSupplier wallMillis,
      AppMetrics metrics) {
    this.models = models;
    this.bankConfig = bankConfig;
    this.publisher = publisher;
    this.listener = listener;
    this.wallMillis = wallMillis;
    this.metrics = metrics;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
    ServedModel model = models.acquire();
    try {
      this.bank = Bank.open(bankConfig, model.model(), context.getStateStore(Nodes.BANK_STORE));
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
    serve(model);
    this.hideBank =
        metrics.bank(context.taskId().partition(), () -> bank.matrix().size(), bank::epoch);
    context.schedule(IDLE, PunctuationType.WALL_CLOCK_TIME, now -> follow());
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
    before.close();
    metrics.modelChange(System.nanoTime() - start);
  }

  @Override
  public void process(Record<byte[], Batch> record) {
    Batch batch = record.value();
    changeTo(batch.model());
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
    metrics.admitted(System.nanoTime() - admission);
    listener.answered(served, images, answers, nanos);
  }

  @Override
  public void close() {
    hideBank.run();
    bank.close();
    served.close();
  }
}
