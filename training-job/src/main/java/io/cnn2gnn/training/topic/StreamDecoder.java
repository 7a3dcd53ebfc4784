package io.cnn2gnn.training.topic;

import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.ImageRejectedException;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.InlineImage;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records to images; those that are none are counted. It belongs to one thread. */
final class StreamDecoder implements AutoCloseable {
  /** What the service takes unless told otherwise. */
  private static final long MAX_PIXELS = 25_000_000;

  /** As in the service: ids and labels go into predictions. */
  private static final int MAX_TEXT = 512;

  private final WireReader<Image> reader;
  private final ImageDecoder decoder = new ImageDecoder(MAX_PIXELS);
  private final Skips skips;

  StreamDecoder(WireReader<Image> reader, Skips skips) {
    this.reader = reader;
    this.skips = skips;
  }

  /** An image that can be learned from, as it is. */
  record Decoded(String id, Optional<String> label, Pixels pixels) {}

  Optional<Decoded> decode(ConsumerRecord<byte[], byte[]> record) {
    try {
      Image image = reader.read(record.value());
      if (bad(image.getId())) {
        return skip("INVALID_ID", record, "the id must have 1 to " + MAX_TEXT + " characters");
      }
      String label = image.getLabel();
      if (label != null && (bad(label) || label.chars().anyMatch(Character::isISOControl))) {
        return skip(
            "INVALID_LABEL",
            record,
            "a label must have 1 to " + MAX_TEXT + " characters, none of them of control");
      }
      if (!(image.getContent() instanceof InlineImage inline)) {
        return skip("BY_REFERENCE", record, "images by reference are not fetched for training");
      }
      return Optional.of(new Decoded(image.getId(), Optional.ofNullable(label), pixels(inline)));
    } catch (UnreadableRecordException e) {
      return skip(e.reason().name(), record, e.getMessage());
    } catch (ImageRejectedException e) {
      return skip(e.reason().name(), record, e.getMessage());
    }
  }

  private static boolean bad(String text) {
    return text.isEmpty() || text.length() > MAX_TEXT;
  }

  private Pixels pixels(InlineImage inline) throws ImageRejectedException {
    ByteBuffer buffer = inline.getBytes().duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return switch (inline.getFormat()) {
      case JPEG, PNG -> decoder.decode(bytes);
      case RGB8 -> decoder.raw(bytes, inline.getWidth(), inline.getHeight(), 3);
      case GRAY8 -> decoder.raw(bytes, inline.getWidth(), inline.getHeight(), 1);
    };
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
