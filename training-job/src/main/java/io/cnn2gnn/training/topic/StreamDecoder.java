package io.cnn2gnn.training.topic;

import io.cnn2gnn.intake.Arrived;
import io.cnn2gnn.intake.ImageContent;
import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.ImageReader;
import io.cnn2gnn.intake.ImageRecord;
import io.cnn2gnn.intake.ImageRecords;
import io.cnn2gnn.intake.RecordRefusedException;
import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.ImageRejectedException;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records to images; those that are none are counted. It belongs to one thread. */
final class StreamDecoder implements AutoCloseable {
  private final ImageReader records;
  private final ImageDecoder decoder = new ImageDecoder(ImageRecords.MAX_PIXELS);
  private final Skips skips;
  private final Optional<InputSpec> input;

  /**
   * Makes one.
   *
   * @param input what files are decoded for; their whole size if it is not known yet
   */
  StreamDecoder(ImageReader records, Skips skips, Optional<InputSpec> input) {
    this.records = records;
    this.skips = skips;
    this.input = input;
  }

  /** An image that can be learned from, not resized. */
  record Decoded(ImageName name, Optional<String> label, Pixels pixels) {}

  Optional<Decoded> decode(ConsumerRecord<byte[], byte[]> record) {
    try {
      ImageRecord image = records.read(Arrived.of(record));
      if (image.label().filter(StreamDecoder::isNoName).isPresent()) {
        return skip("INVALID_LABEL", record, "the name of a class has no control characters");
      }
      if (image.content() instanceof ImageContent.Reference) {
        return skip("BY_REFERENCE", record, "images by reference are not fetched for training");
      }
      ImageName name = new ImageName(Optional.ofNullable(record.key()), image.id());
      return Optional.of(new Decoded(name, image.label(), pixels(image.content())));
    } catch (RecordRefusedException e) {
      return skip(e.reason(), record, e.getMessage());
    } catch (ImageRejectedException e) {
      return skip(e.reason().name(), record, e.getMessage());
    }
  }

  private static boolean isNoName(String label) {
    return label.chars().anyMatch(Character::isISOControl);
  }

  private Pixels pixels(ImageContent content) throws ImageRejectedException {
    if (content instanceof ImageContent.Samples samples) {
      return samples.pixels(decoder);
    }
    byte[] file = ((ImageContent.File) content).bytes();
    return input.isPresent()
        ? decoder.decode(file, decoder.header(file), input.get())
        : decoder.decode(file);
  }

  private Optional<Decoded> skip(
      String reason, ConsumerRecord<byte[], byte[]> record, String message) {
    skips.add(reason, record, message);
    return Optional.empty();
  }

  @Override
  public void close() {
    decoder.close();
  }
}
