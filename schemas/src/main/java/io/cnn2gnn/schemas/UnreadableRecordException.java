package io.cnn2gnn.schemas;

/**
 * A record value that will never be readable: the record itself is at fault, so reading it again
 * gives the same answer. Checked, because a caller has to decide what becomes of the record.
 */
public class UnreadableRecordException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong with the value. */
  public enum Reason {
    /** The value is null (a tombstone) or has no bytes. */
    EMPTY_VALUE,
    /** The value does not start with the magic byte 0 and a four byte schema id. */
    NO_MAGIC_BYTE,
    /** The registry answered that it has no schema of this id. */
    UNKNOWN_SCHEMA_ID,
    /** It was written with the schema of another record, or one that ours cannot resolve. */
    WRONG_SCHEMA,
    /** The bytes after the header are not one record of the schema they name. */
    CORRUPT_AVRO,
    /** The value begins as JSON does and is not a record as JSON. */
    CORRUPT_JSON
  }

  private final Reason reason;

  /** Says what is wrong, in a code and in words. */
  public UnreadableRecordException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Says what is wrong, in a code and in words, and what told us. */
  public UnreadableRecordException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Returns the code for the fault. */
  public Reason reason() {
    return reason;
  }
}
