package io.cnn2gnn.schemas;

import java.io.IOException;

/** The registry gave a schema, and it is none of Avro: asking again changes nothing. */
final class NotAvroException extends IOException {
  private static final long serialVersionUID = 1L;

  NotAvroException(String message) {
    super(message);
  }
}
