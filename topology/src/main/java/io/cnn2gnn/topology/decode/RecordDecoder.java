package io.cnn2gnn.topology.decode;

import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.ImageRejectedException;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.model.image.Resize;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageReference;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.topology.DecodedImage;
import io.cnn2gnn.topology.Rejection;
import io.cnn2gnn.topology.Rejection.Stage;
import io.cnn2gnn.topology.Source;
import io.cnn2gnn.topology.reference.ReferenceFetcher;
import io.cnn2gnn.topology.reference.ReferenceRefusedException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An input record to an accepted image: wire format, then the file if the record only points to it,
 * then header, then pixels, then the model's input size. It belongs to one thread.
 */
public final class RecordDecoder implements AutoCloseable {
  /** The sealed result of {@link #decode}. */
  public sealed interface Decoding {
    /** Accepted. */
    record Accepted(DecodedImage image) implements Decoding {}

    /** Permanently at fault. */
    record Refused(Rejection rejection) implements Decoding {}
  }

  /** Ids and labels go into every prediction that names the image as a neighbour. */
  private static final int MAX_TEXT = 512;

  private final WireReader<Image> reader;
  private final ReferenceFetcher references;
  private final ImageDecoder images;
  private final long maxBytes;
  private Optional<Resize> resize = Optional.empty();

  /**
   * Makes a decoder.
   *
   * @param reader shared between decoders
   * @param references likewise
   * @param maxPixels the largest image that is decoded
   * @param maxBytes the largest record that every later hop takes; a compressed batch brings larger
   *     ones past the input topic's limit
   */
  public RecordDecoder(
      WireReader<Image> reader, ReferenceFetcher references, long maxPixels, long maxBytes) {
    this.reader = reader;
    this.references = references;
    this.images = new ImageDecoder(maxPixels);
    this.maxBytes = maxBytes;
  }

  /**
   * Decodes a record. Of an image by reference the file is fetched, and dropped once it is decoded:
   * what is kept, or becomes a dead letter, is the record as it came.
   *
   * @param input what the model takes
   * @throws io.cnn2gnn.schemas.RegistryUnavailableException if the writer's schema cannot be had
   *     now; the record is not at fault
   * @throws io.cnn2gnn.topology.reference.ReferenceUnavailableException likewise, if the file
   *     cannot be had now
   */
  public Decoding decode(Source source, InputSpec input) {
    if (source.bytes() > maxBytes) {
      return refused(
          "RECORD_TOO_LARGE",
          "key, value and headers have %d bytes, the limit is %d"
              .formatted(source.bytes(), maxBytes));
    }
    long beside = source.bytes() - source.value().map(v -> v.length).orElse(0);
    if (beside > maxBytes / 2) {
      // Its prediction carries key and headers too, beside its neighbours.
      return refused(
          "RECORD_TOO_LARGE",
          "key and headers have %d bytes, the limit is %d".formatted(beside, maxBytes / 2));
    }
    try {
      Image image = reader.read(source.value().orElse(new byte[0]));
      String label = image.getLabel();
      if (image.getId().isEmpty() || image.getId().length() > MAX_TEXT) {
        return refused("INVALID_ID", "the id must have 1 to " + MAX_TEXT + " characters");
      }
      if (label != null && (label.isEmpty() || label.length() > MAX_TEXT)) {
        return refused("INVALID_LABEL", "a label must have 1 to " + MAX_TEXT + " characters");
      }
      byte[] pixels = resized(pixels(image.getContent()), input);
      Query query = new Query(image.getId(), pixels, Optional.ofNullable(label));
      return new Decoding.Accepted(new DecodedImage(source, image.getCapturedAt(), query, input));
    } catch (UnreadableRecordException e) {
      return refused(e.reason().name(), e.getMessage());
    } catch (ImageRejectedException e) {
      return refused(e.reason().name(), e.getMessage());
    } catch (ReferenceRefusedException e) {
      return refused(e.reason().name(), e.getMessage());
    }
  }

  private byte[] resized(Pixels pixels, InputSpec input) {
    Resize last = resize.filter(r -> r.spec().equals(input)).orElseGet(() -> new Resize(input));
    resize = Optional.of(last);
    return last.of(pixels);
  }

  private Pixels pixels(Object content) throws ImageRejectedException, ReferenceRefusedException {
    if (content instanceof InlineImage inline) {
      byte[] bytes = bytes(inline.getBytes());
      return switch (inline.getFormat()) {
        case JPEG, PNG -> images.decode(bytes);
        case RGB8 -> images.raw(bytes, inline.getWidth(), inline.getHeight(), 3);
        case GRAY8 -> images.raw(bytes, inline.getWidth(), inline.getHeight(), 1);
      };
    }
    return images.decode(references.fetch((ImageReference) content));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private static Decoding refused(String reason, String message) {
    return new Decoding.Refused(new Rejection(Stage.DECODE, reason, message));
  }

  @Override
  public void close() {
    images.close();
  }
}
