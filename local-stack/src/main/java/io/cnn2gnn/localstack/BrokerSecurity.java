package io.cnn2gnn.localstack;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * A broker that speaks TLS to its clients, knows them by SCRAM-SHA-512, and lets nobody but its
 * administrator do what no ACL allows. The administrator makes the other users and the ACLs, over
 * {@code Admin}.
 *
 * <p>The broker speaks to itself and to its controller without TLS, on loopback ports of their own,
 * where whoever connects may do everything. That is right for one node on one's own machine alone.
 *
 * @param keyStore the broker's key and certificate, PKCS 12
 * @param keyStorePassword of the store and the key
 * @param admin name of the administrator
 * @param adminPassword set when the data directory is formatted; a kept directory keeps the first
 */
public record BrokerSecurity(
    Path keyStore, String keyStorePassword, String admin, String adminPassword) {
  static final String CLIENTS = "SECURE";
  private static final String MECHANISM = "SCRAM-SHA-512";
  private static final String PREFIX = "cnn2gnn.security.";

  /** Broker properties, beside those of a broker without security. */
  Map<String, String> broker() {
    String listener = "listener.name." + CLIENTS.toLowerCase(Locale.ROOT) + ".";
    return Map.of(
        "sasl.enabled.mechanisms",
        MECHANISM,
        listener + "sasl.enabled.mechanisms",
        MECHANISM,
        listener + "scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;",
        listener + "ssl.keystore.type",
        "PKCS12",
        listener + "ssl.keystore.location",
        keyStore.toString(),
        listener + "ssl.keystore.password",
        keyStorePassword,
        listener + "ssl.key.password",
        keyStorePassword,
        "authorizer.class.name",
        "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        // Who comes without TLS has no name.
        "super.users",
        "User:" + admin + ";User:ANONYMOUS");
  }

  /** As StorageTool takes it. */
  String scramArgument() {
    return "%s=[name=%s,password=%s]".formatted(MECHANISM, admin, adminPassword);
  }

  /** For the file by which a child JVM is told: a command line can be read by other users. */
  Properties write() {
    Properties properties = new Properties();
    properties.put(PREFIX + "key.store", keyStore.toString());
    properties.put(PREFIX + "key.store.password", keyStorePassword);
    properties.put(PREFIX + "admin", admin);
    properties.put(PREFIX + "admin.password", adminPassword);
    return properties;
  }

  static BrokerSecurity read(Properties properties) {
    return new BrokerSecurity(
        Path.of(properties.getProperty(PREFIX + "key.store")),
        properties.getProperty(PREFIX + "key.store.password"),
        properties.getProperty(PREFIX + "admin"),
        properties.getProperty(PREFIX + "admin.password"));
  }

  /** Without the passwords. */
  @Override
  public String toString() {
    return "BrokerSecurity[keyStore=%s, admin=%s]".formatted(keyStore, admin);
  }
}
