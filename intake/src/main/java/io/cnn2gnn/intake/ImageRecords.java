package io.cnn2gnn.intake;

import io.cnn2gnn.model.bundle.ClassName;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.UnreadableRecordException.Reason;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageReference;
import io.cnn2gnn.schemas.avro.InlineImage;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads {@code Image} records in Avro. Shared between threads. */
public final class ImageRecords implements ImageReader {
  /** The largest picture that is decoded where nobody says otherwise, width x height. */
  public static final long MAX_PIXELS = 25_000_000;

  /** Characters of an id or a label: they go into every prediction that names the image. */
  public static final int MAX_TEXT = 512;

  private final WireReader<Image> reader;

  /** Reads by the schemas of a registry. */
  public ImageRecords(WireReader<Image> reader) {
    this.reader = reader;
  }

  @Override
  public boolean isKnown(Arrived record) {
    return reader.isKnown(record.headers(), record.value());
  }

  @Override
  public ImageRecord read(Arrived record) throws RecordRefusedException {
    Image image = parse(record);
    Optional<String> label = Optional.ofNullable(image.getLabel()).map(ClassName::of);
    if (!isText(image.getId())) {
      throw new RecordRefusedException(
          "INVALID_ID", "the id must have 1 to " + MAX_TEXT + " characters", Optional.empty());
    }
    if (label.isPresent() && !isText(label.get())) {
      throw new RecordRefusedException(
          "INVALID_LABEL",
          "a label must have 1 to " + MAX_TEXT + " characters",
          Optional.of(image.getId()));
    }
    return new ImageRecord(image.getId(), label, image.getCapturedAt(), content(image));
  }

  private Image parse(Arrived record) throws RecordRefusedException {
    try {
      return reader.read(record.headers(), record.value());
    } catch (UnreadableRecordException e) {
      if (e.reason() == Reason.NO_MAGIC_BYTE && RawImages.isFile(record.value())) {
        throw new RecordRefusedException(
            e.reason().name(),
            "The value is an image file and not an Image record: is cnn2gnn.input.format=raw"
                + " missing?",
            Optional.empty());
      }
      throw new RecordRefusedException(e.reason().name(), e);
    }
  }

  private static boolean isText(String text) {
    return !text.isEmpty() && text.length() <= MAX_TEXT;
  }

  private static ImageContent content(Image image) {
    if (image.getContent() instanceof ImageReference reference) {
      return new ImageContent.Reference(
          reference.getUri(), reference.getSha256(), reference.getSize());
    }
    InlineImage inline = (InlineImage) image.getContent();
    byte[] bytes = bytes(inline.getBytes());
    return switch (inline.getFormat()) {
      case JPEG, PNG, WEBP -> new ImageContent.File(bytes);
      case RGB8 -> new ImageContent.Samples(bytes, inline.getWidth(), inline.getHeight(), 3);
      case GRAY8 -> new ImageContent.Samples(bytes, inline.getWidth(), inline.getHeight(), 1);
    };
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
