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
  private static final String TEXT =
      "%s must have 1 to " + ImageRecords.MAX_TEXT + " characters, none of them hidden ones";

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
    check("INVALID_LABELLER", "labelledBy", label.getLabelledBy(), id);
    Optional<String> said = Optional.ofNullable(label.getLabel()).map(ClassName::of);
    if (said.isPresent()) {
      check("INVALID_LABEL", "a label", said.get(), id);
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

  /** It becomes the name of a class, on terminals and pages. */
  private static void check(String reason, String what, String text, String id)
      throws RecordRefusedException {
    if (text.isBlank()
        || text.length() > ImageRecords.MAX_TEXT
        || !Printable.of(text).equals(text)) {
      throw new RecordRefusedException(reason, TEXT.formatted(what), Optional.of(id));
    }
  }
}
