package io.cnn2gnn.schemas;

import org.apache.avro.specific.SpecificRecord;

/**
 * Makes the value of a Kafka record.
 *
 * @param <T> the generated record
 */
@FunctionalInterface
public interface ValueWriter<T extends SpecificRecord> {
  /** Returns the bytes of a record. Safe for use by several threads. */
  byte[] write(T record);
}
