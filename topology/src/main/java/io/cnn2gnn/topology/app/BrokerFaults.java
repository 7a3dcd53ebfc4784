package io.cnn2gnn.topology.app;

import io.cnn2gnn.schemas.CertificateFaults;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.UnsupportedSaslMechanismException;

/** What a broker's refusal means for whoever configured its client. */
public final class BrokerFaults {
  private static final String TRUST_STORE = "ssl.truststore.location";
  private static final String TABLE = "; docs/reference/acls.md has what each command needs";

  private BrokerFaults() {}

  /**
   * Says in one line what was refused and what to do.
   *
   * @param broker as in "the broker at h:1"
   * @return empty if neither certificate, nor password, nor ACL is at fault
   */
  public static Optional<String> explain(String broker, Throwable fault) {
    for (Throwable e = fault; e != null; e = e.getCause()) {
      if (e instanceof AuthenticationException refused) {
        return Optional.of(
            CertificateFaults.explain(broker, TRUST_STORE, refused)
                .orElseGet(() -> credentials(broker, refused)));
      }
      if (e instanceof AuthorizationException refused) {
        return Optional.of(
            "%s does not allow this user %s: add an ACL%s".formatted(broker, what(refused), TABLE));
      }
    }
    return Optional.empty();
  }

  /** One operation on one resource is not allowed. */
  static String denied(String broker, AclOperation operation, String type, String name) {
    String word =
        operation.name().charAt(0) + operation.name().substring(1).toLowerCase(Locale.ROOT);
    // Transactional ids alone are not known before they are used.
    String prefixed = name.endsWith("-") ? " --resource-pattern-type prefixed" : "";
    return "%s does not allow this user %s on %s %s: kafka-acls --add --operation %s --%s %s%s ...%s"
        .formatted(
            broker, operation, type.replace('-', ' '), name, word, type, name, prefixed, TABLE);
  }

  private static String credentials(String broker, AuthenticationException refused) {
    String check =
        refused instanceof UnsupportedSaslMechanismException
            ? "sasl.mechanism"
            : "user and password in sasl.jaas.config";
    return "%s refused our credentials: check %s (%s)"
        .formatted(broker, check, refused.getMessage());
  }

  private static String what(AuthorizationException refused) {
    if (refused instanceof TopicAuthorizationException topics
        && !topics.unauthorizedTopics().isEmpty()) {
      return "what it needs on topic " + names(topics.unauthorizedTopics());
    }
    if (refused instanceof GroupAuthorizationException group) {
      return "to read as group " + group.groupId();
    }
    if (refused instanceof TransactionalIdAuthorizationException) {
      return "to write under its transactional id";
    }
    return "that (" + refused.getMessage() + ")";
  }

  private static String names(Collection<String> topics) {
    return topics.stream().sorted().collect(Collectors.joining(", "));
  }
}
