package io.cnn2gnn.schemas;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;

/**
 * The registry gave no usable answer: it cannot be reached, it failed (5xx), it is throttling
 * (429), it refused the account (401, 403), or something else answers at its address. No record is
 * at fault, so the caller should try again later. Refused credentials count as transient because
 * tokens expire and passwords are rotated while an application runs; only a person can tell whether
 * they will come good.
 */
public class RegistryUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Says in one line what was asked of the registry, and what came of it. */
  public RegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }

  static RegistryUnavailableException during(String action, Exception cause) {
    return new RegistryUnavailableException(
        "Could not " + action + ": " + describe(cause).lines().findFirst().orElse(""), cause);
  }

  private static String describe(Exception cause) {
    if (cause instanceof RestClientException refusal) {
      return switch (refusal.getStatus()) {
        case 401 ->
            "the schema registry refused our credentials, check basic.auth.user.info and"
                + " basic.auth.credentials.source: "
                + refusal.getMessage();
        case 403 ->
            "the schema registry does not allow this account to do that: " + refusal.getMessage();
        case 404 -> "no schema registry at schema.registry.url? " + refusal.getMessage();
        default -> "the schema registry answered " + refusal.getMessage();
      };
    }
    return CertificateFaults.explain(
            "the schema registry", "schema.registry.ssl.truststore.location", cause)
        .orElseGet(
            () -> cause.getClass() == IOException.class ? cause.getMessage() : cause.toString());
  }
}
