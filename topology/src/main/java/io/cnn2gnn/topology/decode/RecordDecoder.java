package io.cnn2gnn.topology.decode;

import io.cnn2gnn.intake.Arrived;
import io.cnn2gnn.intake.ImageContent;
import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.intake.ImageReader;
import io.cnn2gnn.intake.ImageRecord;
import io.cnn2gnn.intake.RecordRefusedException;
import io.cnn2gnn.model.image.ImageDecoder;
import io.cnn2gnn.model.image.ImageHeader;
import io.cnn2gnn.model.image.ImageRejectedException;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.image.Pixels;
import io.cnn2gnn.model.image.Resize;
import io.cnn2gnn.model.inference.Query;
import io.cnn2gnn.model.reference.ReferenceFetcher;
import io.cnn2gnn.model.reference.ReferenceRefusedException;
import io.cnn2gnn.topology.consumer.StandIn;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.flow.Rejection;
import io.cnn2gnn.topology.flow.Source;
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

  private final ImageReader records;
  private final ReferenceFetcher references;
  private final ImageLimits limits;
  private final DecodingJournal journal;
  private final ImageDecoder images;
  private final long maxBytes;
  private Optional<Resize> resize = Optional.empty();

  /** Decodes within limits, and forgets what it was at. */
  public RecordDecoder(
      ImageReader records, ReferenceFetcher references, ImageLimits limits, long maxBytes) {
    this(records, references, limits, DecodingJournal.none(), maxBytes);
  }

  /**
   * Decodes within limits.
   *
   * @param records shared between decoders
   * @param references likewise
   * @param limits of an image, and of all that are decoded at a time
   * @param journal likewise, of what is being decoded
   * @param maxBytes the largest record that every later hop takes; a compressed batch brings larger
   *     ones past the input topic's limit
   */
  public RecordDecoder(
      ImageReader records,
      ReferenceFetcher references,
      ImageLimits limits,
      DecodingJournal journal,
      long maxBytes) {
    this.records = records;
    this.references = references;
    this.limits = limits;
    this.journal = journal;
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
      return Step.refused(Optional.empty(), "RECORD_UNREADABLE", unreadable.get());
    }
    if (source.bytes() > maxBytes) {
      return Step.refused(
          Optional.empty(),
          "RECORD_TOO_LARGE",
          "key, value and headers have %d bytes, the limit is %d"
              .formatted(source.bytes(), maxBytes));
    }
    long beside = source.bytes() - source.value().map(v -> v.length).orElse(0);
    if (beside > maxBytes / 2) {
      // Its prediction carries key and headers too, beside its neighbours.
      return Step.refused(
          Optional.empty(),
          "RECORD_TOO_LARGE",
          "key and headers have %d bytes, the limit is %d".formatted(beside, maxBytes / 2));
    }
    Arrived record = arrived(source);
    return records.isKnown(record)
        ? read(source, record, input)
        : new Step.Next(
            Work.REMOTE, 0, Optional.empty(), decoder -> decoder.read(source, record, input));
  }

  private static Arrived arrived(Source source) {
    return new Arrived(
        source.topic(),
        source.partition(),
        source.offset(),
        source.timestamp(),
        source.headers(),
        source.value().orElse(new byte[0]));
  }

  private Step read(Source source, Arrived record, InputSpec input) {
    ImageRecord image;
    try {
      image = records.read(record);
    } catch (RecordRefusedException e) {
      return Step.refused(e.imageId(), e.reason(), e.getMessage());
    }
    Accepting accepting = new Accepting(source, image, input);
    try {
      if (image.content() instanceof ImageContent.Reference reference) {
        return new Step.Next(
            Work.REMOTE,
            Math.min(reference.size(), references.maxBytes()),
            Optional.of(image.id()),
            decoder -> decoder.fetch(reference, accepting));
      }
      return image.content() instanceof ImageContent.Samples samples
          ? raw(samples.pixels(images), accepting)
          : file(((ImageContent.File) image.content()).bytes(), accepting);
    } catch (ImageRejectedException e) {
      return accepting.refused(e.reason().name(), e.getMessage());
    }
  }

  /** What an accepted record has beside its pixels. */
  private record Accepting(Source source, ImageRecord image, InputSpec input) {
    Step.Done refused(String reason, String message) {
      return Step.refused(Optional.of(image.id()), reason, message);
    }

    Step.Done with(byte[] pixels) {
      Query query =
          new Query(
              image.id(),
              pixels,
              image.label(),
              new ImageName(source.key(), image.id()).digest(),
              new ImageName(source.key(), "").digest());
      return new Step.Done(
          new Decoding.Accepted(new DecodedImage(source, image.capturedAt(), query, input)));
    }
  }

  private Step fetch(ImageContent.Reference reference, Accepting accepting) {
    try {
      return file(
          references.fetch(reference.uri(), reference.sha256(), reference.size()), accepting);
    } catch (ReferenceRefusedException e) {
      return accepting.refused(e.reason().name(), e.getMessage());
    }
  }

  private Step file(byte[] file, Accepting accepting) {
    try {
      ImageHeader header = images.header(file);
      return next(
          images.isQuick(header),
          header,
          accepting,
          decoder -> decoder.quick(file, header, accepting));
    } catch (ImageRejectedException e) {
      return accepting.refused(e.reason().name(), e.getMessage());
    }
  }

  /** A suspect is decoded by itself. */
  private Step next(boolean isQuick, ImageHeader header, Accepting accepting, Step.Stage decoding) {
    Work work = journal.isSuspect(accepting.source()) ? Work.HEAVY : limits.work(header, isQuick);
    return new Step.Next(work, header.memoryBytes(), Optional.of(accepting.image().id()), decoding);
  }

  /** What the native library leaves to the JDK's readers may be more work than it looked. */
  private Step quick(byte[] file, ImageHeader header, Accepting accepting) {
    return entered(
        accepting,
        () -> {
          Optional<Pixels> pixels = images.decodeQuickly(file, header, accepting.input());
          if (pixels.isPresent()) {
            return raw(pixels.get(), accepting);
          }
          return next(false, header, accepting, decoder -> decoder.slow(file, header, accepting));
        });
  }

  private Step slow(byte[] file, ImageHeader header, Accepting accepting) {
    return entered(accepting, () -> raw(images.decodeSlowly(file, header), accepting));
  }

  @FunctionalInterface
  private interface Decodes {
    Step run() throws ImageRejectedException;
  }

  /** Keeps in the journal that a file is being decoded, for as long as it is. */
  private Step entered(Accepting accepting, Decodes decodes) {
    if (journal.isToBlame(accepting.source())) {
      return accepting.refused(
          "DECODER_CRASHED", "the process ended twice while it decoded this file, and no other");
    }
    DecodingJournal.Entry entry = journal.enter(accepting.source());
    boolean goesOn = false;
    try {
      Step step = decodes.run();
      goesOn = step instanceof Step.Next;
      return step;
    } catch (ImageRejectedException e) {
      return accepting.refused(e.reason().name(), e.getMessage());
    } finally {
      entry.close();
      if (!goesOn) {
        journal.acquit(accepting.source());
      }
    }
  }

  private Step raw(Pixels pixels, Accepting accepting) {
    InputSpec input = accepting.input();
    Resize last = resize.filter(r -> r.spec().equals(input)).orElseGet(() -> new Resize(input));
    resize = Optional.of(last);
    return accepting.with(last.of(pixels));
  }

  @Override
  public void close() {
    images.close();
  }
}
