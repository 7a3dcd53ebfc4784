package io.cnn2gnn.intake;

import io.cnn2gnn.model.bundle.ClassName;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Image;
import io.cnn2gnn.schemas.avro.ImageReference;
import io.cnn2gnn.schemas.avro.InlineImage;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Reads values of the images topic. Shared between threads. */
public final class ImageRecords {
  /** The largest picture that is decoded where nobody says otherwise, width x height. */
  public static final long MAX_PIXELS = 25_000_000;

  /** Characters of an id or a label: they go into every prediction that names the image. */
  public static final int MAX_TEXT = 512;

  private final WireReader<Image> reader;

  /** Reads by the schemas of a registry. */
  public ImageRecords(WireReader<Image> reader) {
    this.reader = reader;
  }

  /** Whether {@link #read} would ask nobody. */
  public boolean isKnown(byte[] value) {
    return reader.isKnown(value);
  }

  /**
   * Reads a value. The picture is not looked at.
   *
   * @throws RecordRefusedException if it is no image, or its id or label will not do
   * @throws io.cnn2gnn.schemas.RegistryUnavailableException if its schema cannot be had now; the
   *     record is not at fault
   */
  public ImageRecord read(byte[] value) throws RecordRefusedException {
    Image image = parse(value);
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

  private Image parse(byte[] value) throws RecordRefusedException {
    try {
      return reader.read(value);
    } catch (UnreadableRecordException e) {
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
