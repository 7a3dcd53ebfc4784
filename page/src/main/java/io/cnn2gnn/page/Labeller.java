package io.cnn2gnn.page;

import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.intake.RecordRefusedException;
import io.cnn2gnn.schemas.WireWriter;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import io.cnn2gnn.schemas.avro.LabelledImage;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes what people say of images to the topic of labels. */
final class Labeller implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final Supplier<WireWriter<Label>> writers;
  private final Supplier<Producer<byte[], byte[]>> producers;
  private final String topic;
  private Optional<WireWriter<Label>> writer = Optional.empty();
  private Optional<Producer<byte[], byte[]>> producer = Optional.empty();

  /** Connects with the first label. */
  Labeller(
      String topic,
      Supplier<WireWriter<Label>> writers,
      Supplier<Producer<byte[], byte[]>> producers) {
    this.topic = topic;
    this.writers = writers;
    this.producers = producers;
  }

  /**
   * Says of an image what it is, as a correction: answers are not measured by it, since only what
   * is wrong is corrected.
   *
   * @param label empty to take back what the same person has said
   * @throws RecordRefusedException if the service would refuse it
   * @throws LabelException if it could not be written
   */
  synchronized void say(Shown answer, Optional<String> label, String by)
      throws RecordRefusedException, LabelException, InterruptedException {
    Label said =
        Label.newBuilder()
            .setImageId(answer.prediction().getImageId())
            .setLabel(label.orElse(null))
            .setLabelledAt(Instant.now())
            .setLabelledBy(by)
            .setKind(LabelKind.CORRECTION)
            .setComment(null)
            .setImage(
                answer
                    .place()
                    .map(at -> new LabelledImage(at.topic(), at.partition(), at.offset()))
                    .orElse(null))
            .build();
    LabelRecords.of(said);
    if (answer.place().isEmpty() && answer.key().isEmpty()) {
      throw new LabelException("neither a key nor a place says to which partition it belongs");
    }
    try {
      writer = Optional.of(writer.orElseGet(writers));
      producer = Optional.of(producer.orElseGet(producers));
      int partitions = producer.get().partitionsFor(topic).size();
      if (answer.place().filter(place -> place.partition() >= partitions).isPresent()) {
        throw new LabelException(
            "topic %s has %d partitions, and the image is in partition %d: it must have as many as the images"
                .formatted(topic, partitions, answer.place().get().partition()));
      }
      producer
          .get()
          .send(
              new ProducerRecord<>(
                  topic,
                  answer.place().map(Place::partition).orElse(null),
                  answer.key().orElse(null),
                  writer.get().write(said)))
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new LabelException("the broker did not take it: " + e.getCause().getMessage());
    } catch (TimeoutException e) {
      throw new LabelException("the broker has not answered for " + PATIENCE_SECONDS + " s");
    } catch (RuntimeException e) {
      throw new LabelException("it was not written: " + e.getMessage());
    }
  }

  /** It was not written. */
  static final class LabelException extends Exception {
    private static final long serialVersionUID = 1L;

    LabelException(String message) {
      super(message);
    }
  }

  @Override
  public synchronized void close() {
    producer.ifPresent(Producer::close);
  }
}
