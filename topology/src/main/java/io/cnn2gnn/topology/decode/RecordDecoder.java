package io.cnn2gnn.topology.decode;

import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.ImageHeader;
import io.cnn2gnn.model.image.ImageRejectedException;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.model.image.Resize;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.model.reference.ReferenceRefusedException;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageReference;
import io.cnn2gnn.schemas.avro.InlineImage;
import io.cnn2gnn.topology.consumer.StandIn;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Rejection;
import io.cnn2gnn.topology.flow.Rejection.Stage;
import io.cnn2gnn.topology.flow.Source;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An input record to an accepted image: wire format, then the file if the record only points to it,
 * then header, then pixels, then the model's input size. Each of these may be done by another
 * decoder, on a thread for its kind of work. It belongs to one thread.
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
  private final ImageLimits limits;
  private final ImageDecoder images;
  private final long maxBytes;
  private Optional<Resize> resize = Optional.empty();

  /**
   * Makes a decoder.
   *
   * @param reader shared between decoders
   * @param references likewise
   * @param limits of an image, and of all that are decoded at a time
   * @param maxBytes the largest record that every later hop takes; a compressed batch brings larger
   *     ones past the input topic's limit
   */
  public RecordDecoder(
      WireReader<Image> reader, ReferenceFetcher references, ImageLimits limits, long maxBytes) {
    this.reader = reader;
    this.references = references;
    this.limits = limits;
    this.images = new ImageDecoder(limits.maxPixels(), limits.cost());
    this.maxBytes = maxBytes;
  }

  /**
   * Decodes a record, on this thread from its beginning to its end. Of an image by reference the
   * file is fetched, and dropped once it is decoded: what is kept, or becomes a dead letter, is the
   * record as it came.
   *
   * @param input what the model takes
   * @throws io.cnn2gnn.schemas.RegistryUnavailableException if the writer's schema cannot be had
   *     now; the record is not at fault
   * @throws io.cnn2gnn.model.reference.ReferenceUnavailableException likewise, if the file cannot
   *     be had now
   */
  public Decoding decode(Source source, InputSpec input) {
    Step step = begin(source, input);
    while (step instanceof Step.Next next) {
      try {
        MemoryBudget.Hold held = limits.budget(next.work()).take(next.bytes());
        try {
          step = next.stage().run(this);
        } finally {
          held.close();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a record was decoded", e);
      }
    }
    return ((Step.Done) step).decoding();
  }

  /** The first step, which is short and asks nobody. */
  Step begin(Source source, InputSpec input) {
    Optional<String> unreadable = StandIn.reason(source);
    if (unreadable.isPresent()) {
      return refused("RECORD_UNREADABLE", unreadable.get());
    }
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
    byte[] value = source.value().orElse(new byte[0]);
    return reader.isKnown(value)
        ? read(source, value, input)
        : new Step.Next(Work.REMOTE, 0, decoder -> decoder.read(source, value, input));
  }

  private Step read(Source source, byte[] value, InputSpec input) {
    try {
      Image image = reader.read(value);
      String label = image.getLabel();
      if (image.getId().isEmpty() || image.getId().length() > MAX_TEXT) {
        return refused("INVALID_ID", "the id must have 1 to " + MAX_TEXT + " characters");
      }
      if (label != null && (label.isEmpty() || label.length() > MAX_TEXT)) {
        return refused("INVALID_LABEL", "a label must have 1 to " + MAX_TEXT + " characters");
      }
      Accepting accepting = new Accepting(source, image, input);
      if (image.getContent() instanceof ImageReference reference) {
        return new Step.Next(
            Work.REMOTE,
            Math.min(reference.getSize(), references.maxBytes()),
            decoder -> decoder.fetch(reference, accepting));
      }
      InlineImage inline = (InlineImage) image.getContent();
      byte[] bytes = bytes(inline.getBytes());
      return switch (inline.getFormat()) {
        case JPEG, PNG -> file(bytes, accepting);
        case RGB8 -> raw(images.raw(bytes, inline.getWidth(), inline.getHeight(), 3), accepting);
        case GRAY8 -> raw(images.raw(bytes, inline.getWidth(), inline.getHeight(), 1), accepting);
      };
    } catch (UnreadableRecordException e) {
      return refused(e.reason().name(), e.getMessage());
    } catch (ImageRejectedException e) {
      return refused(e.reason().name(), e.getMessage());
    }
  }

  /** What an accepted record has beside its pixels. */
  private record Accepting(Source source, Image image, InputSpec input) {
    Step.Done with(byte[] pixels) {
      Query query = new Query(image.getId(), pixels, Optional.ofNullable(image.getLabel()));
      return new Step.Done(
          new Decoding.Accepted(new DecodedImage(source, image.getCapturedAt(), query, input)));
    }
  }

  private Step fetch(ImageReference reference, Accepting accepting) {
    try {
      return file(
          references.fetch(reference.getUri(), reference.getSha256(), reference.getSize()),
          accepting);
    } catch (ReferenceRefusedException e) {
      return refused(e.reason().name(), e.getMessage());
    }
  }

  private Step file(byte[] file, Accepting accepting) {
    try {
      ImageHeader header = images.header(file);
      return new Step.Next(
          limits.isLight(header) ? Work.LIGHT : Work.HEAVY,
          header.memoryBytes(),
          decoder -> decoder.pixels(file, header, accepting));
    } catch (ImageRejectedException e) {
      return refused(e.reason().name(), e.getMessage());
    }
  }

  private Step pixels(byte[] file, ImageHeader header, Accepting accepting) {
    try {
      return raw(images.decode(file, header), accepting);
    } catch (ImageRejectedException e) {
      return refused(e.reason().name(), e.getMessage());
    }
  }

  private Step raw(Pixels pixels, Accepting accepting) {
    InputSpec input = accepting.input();
    Resize last = resize.filter(r -> r.spec().equals(input)).orElseGet(() -> new Resize(input));
    resize = Optional.of(last);
    return accepting.with(last.of(pixels));
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  static Step.Done refused(String reason, String message) {
    return new Step.Done(new Decoding.Refused(new Rejection(Stage.DECODE, reason, message)));
  }

  @Override
  public void close() {
    images.close();
  }
}
