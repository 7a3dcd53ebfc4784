package io.cnn2gnn.intake;

/** What the values of an images topic are. */
public enum InputFormat {
  /** {@code Image} records in Avro: {@link ImageRecords}. */
  AVRO,
  /** Image files: {@link RawImages}. */
  RAW
}
