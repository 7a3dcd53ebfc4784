package io.cnn2gnn.intake;

import io.cnn2gnn.intake.LabelRecord.Coordinates;
import io.cnn2gnn.model.bundle.ClassName;
import io.cnn2gnn.schemas.Printable;
import io.cnn2gnn.schemas.UnreadableRecordException;
import io.cnn2gnn.schemas.WireReader;
import io.cnn2gnn.schemas.avro.Label;
import io.cnn2gnn.schemas.avro.LabelKind;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;

/** Reads values of the labels topic. Shared between threads. */
public final class LabelRecords {
  private static final String LABELLER =
      "labelledBy must have 1 to "
          + ImageRecords.MAX_TEXT
          + " characters, none of them hidden ones";
  private static final String LABEL =
      "a label must have 1 to "
          + ImageRecords.MAX_TEXT
          + " characters, none of them a control character, and some that can be seen";

  private final WireReader<Label> reader;

  /** Reads by the schemas of a registry. */
  public LabelRecords(WireReader<Label> reader) {
    this.reader = reader;
  }

  /** Whether {@link #read} would ask nobody. */
  public boolean isKnown(Headers headers, byte[] value) {
    return reader.isKnown(headers, value);
  }

  /**
   * Reads a value of a record with such headers.
   *
   * @throws RecordRefusedException if it is no label, or one of its texts will not do
   * @throws io.cnn2gnn.schemas.RegistryUnavailableException if its schema cannot be had now; the
   *     record is not at fault
   */
  public LabelRecord read(Headers headers, byte[] value) throws RecordRefusedException {
    return of(parse(headers, value));
  }

  /**
   * What a label is taken as. Who writes labels asks before it sends one.
   *
   * @throws RecordRefusedException if one of its texts will not do
   */
  public static LabelRecord of(Label label) throws RecordRefusedException {
    // An image's id is refused for its length alone; here it has to be equal to one.
    String id = label.getImageId();
    if (id.isEmpty() || id.length() > ImageRecords.MAX_TEXT) {
      throw new RecordRefusedException(
          "INVALID_ID",
          "the id must have 1 to " + ImageRecords.MAX_TEXT + " characters",
          Optional.empty());
    }
    if (!isSeenWhole(label.getLabelledBy())) {
      throw new RecordRefusedException("INVALID_LABELLER", LABELLER, Optional.of(id));
    }
    Optional<String> said = Optional.ofNullable(label.getLabel()).map(ClassName::of);
    if (said.isPresent() && !isClass(said.get())) {
      throw new RecordRefusedException("INVALID_LABEL", LABEL, Optional.of(id));
    }
    return new LabelRecord(
        id,
        said,
        label.getLabelledBy(),
        label.getLabelledAt(),
        label.getKind() == LabelKind.TRUTH ? LabelRecord.Kind.TRUTH : LabelRecord.Kind.CORRECTION,
        Optional.ofNullable(label.getImage())
            .map(at -> new Coordinates(at.getTopic(), at.getPartition(), at.getOffset())));
  }

  private Label parse(Headers headers, byte[] value) throws RecordRefusedException {
    try {
      return reader.read(headers, value);
    } catch (UnreadableRecordException e) {
      throw new RecordRefusedException(e.reason().name(), e);
    }
  }

  private static boolean isSeenWhole(String text) {
    return !text.isBlank()
        && text.length() <= ImageRecords.MAX_TEXT
        && Printable.of(text).equals(text);
  }

  /**
   * Whether a text may be a class: as an image's own label may. Words of some languages, and some
   * emoji, are joined by characters of no width; terminals and pages show these as escapes.
   */
  private static boolean isClass(String text) {
    return text.length() <= ImageRecords.MAX_TEXT
        && text.codePoints().noneMatch(LabelRecords::breaksLines)
        && text.codePoints().anyMatch(point -> !isUnseen(point));
  }

  private static boolean breaksLines(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          // Only those without their other half are code points.
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  private static boolean isUnseen(int point) {
    return Character.isWhitespace(point) || Character.getType(point) == Character.FORMAT;
  }
}
