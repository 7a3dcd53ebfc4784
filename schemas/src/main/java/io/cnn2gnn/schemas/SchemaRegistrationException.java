package io.cnn2gnn.schemas;

/**
 * The registry has no id for one of our schemas and will not get one by itself: it is not
 * registered and we may not register it, or the registry refuses it. The message names the subject
 * and says what to do.
 */
public class SchemaRegistrationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says which subject lacks which schema, and what the registry said. */
  public SchemaRegistrationException(String message, Throwable cause) {
    super(message, cause);
  }
}
