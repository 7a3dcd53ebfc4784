package io.cnn2gnn.cli.kit;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Values that Kafka's config providers keep, such as {@code ${env:PASSWORD}}. Replaced once for all
 * clients: each of them sees but the keys that it knows, and those of a provider are not among
 * them.
 */
final class ConfigVariables {
  private static final String PROVIDERS = AbstractConfig.CONFIG_PROVIDERS_CONFIG;
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*?):[^}]*}");

  private ConfigVariables() {}

  /**
   * Returns the properties with their variables replaced, and without the providers.
   *
   * @throws CliException naming a variable that its provider does not know, or a provider that
   *     cannot be used
   */
  static Map<String, String> resolve(Map<String, String> properties) throws CliException {
    if (!properties.containsKey(PROVIDERS)) {
      return properties;
    }
    // Kafka would take a space for a part of a name, and pass the provider over in silence.
    String names = properties.get(PROVIDERS).replaceAll("\\s", "");
    Map<String, String> stripped = new HashMap<>(properties);
    stripped.put(PROVIDERS, names);
    Map<String, Object> resolved;
    try {
      resolved = new AbstractConfig(new ConfigDef(), stripped, false).originals();
    } catch (KafkaException e) {
      throw new CliException(PROVIDERS + "=" + names + " cannot be used: " + e.getMessage(), e);
    }
    Map<String, String> plain = new HashMap<>();
    for (Map.Entry<String, Object> entry : resolved.entrySet()) {
      String key = entry.getKey();
      if (key.equals(PROVIDERS) || key.startsWith(PROVIDERS + ".")) {
        continue;
      }
      String value = entry.getValue().toString();
      // A provider leaves what it does not know as it stands, and it would be taken for a password.
      Matcher left = VARIABLE.matcher(value);
      while (left.find()) {
        if (Arrays.asList(names.split(",", -1)).contains(left.group(1))) {
          throw new CliException("%s: nothing is known of %s".formatted(key, left.group()));
        }
      }
      plain.put(key, value);
    }
    return plain;
  }
}
