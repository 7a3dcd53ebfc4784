package io.cnn2gnn.cli.kit;

import io.cnn2gnn.topology.app.ConfigKey;
import io.cnn2gnn.topology.app.ConfigNames;
import io.cnn2gnn.topology.app.Nearest;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Configuration in layers: defaults, a file, environment variables, flags; the later one wins. */
public final class Settings {
  /** The source of what a flag says. */
  public static final String FLAG = "flag";

  private static final String VARIABLE = "CNN2GNN_";
  private static final String CLIENT_VARIABLE = VARIABLE + "KAFKA_";

  /** The launcher's, and that of the compose file. */
  private static final Set<String> OTHERS = Set.of(VARIABLE + "JAVA_OPTS", VARIABLE + "SECRETS");

  /** What Kubernetes sets in every container for a service that is called cnn2gnn. */
  private static final Pattern KUBERNETES =
      Pattern.compile(VARIABLE + "(.*_)?(SERVICE_HOST|SERVICE_PORT.*|PORT(_\\d+_.*)?)");

  private final Map<String, Setting> settings = new TreeMap<>();

  /**
   * A value, and who said so.
   *
   * @param source for people: "default", a file, a variable, "flag"
   */
  public record Setting(String value, String source) {}

  /** Begins with the defaults of the given keys. */
  Settings(ConfigKey... keys) {
    for (ConfigKey key : keys) {
      put(key.key(), key.otherwise(), "default");
    }
  }

  public void put(String key, String value, String source) {
    settings.put(key, new Setting(value, source));
  }

  /** Lays a properties file over what is there. */
  void file(Path path) throws CliException {
    Properties file = new Properties();
    try (Reader in = Files.newBufferedReader(path)) {
      file.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new CliException("--config " + path + " cannot be read: " + e, e);
    }
    file.stringPropertyNames().forEach(key -> put(key, file.getProperty(key), path.toString()));
  }

  /**
   * Lays environment variables over what is there: {@code CNN2GNN_BANK_CAPACITY} for {@code
   * cnn2gnn.bank.capacity}, {@code CNN2GNN_KAFKA_SSL_TRUSTSTORE_LOCATION} for {@code
   * ssl.truststore.location}.
   *
   * @throws CliException naming a variable that begins like ours and means nothing
   */
  void environment(Map<String, String> variables) throws CliException {
    for (Map.Entry<String, String> each : new TreeMap<>(variables).entrySet()) {
      String variable = each.getKey();
      // For a service called cnn2gnn-http, Kubernetes says CNN2GNN_HTTP_PORT=tcp://10.0.0.1:80.
      boolean link = variable.endsWith("_PORT") && each.getValue().startsWith("tcp://");
      if (variable.startsWith(VARIABLE) && !OTHERS.contains(variable) && !link) {
        Optional<String> key = key(variable);
        if (key.isPresent()) {
          put(key.get(), each.getValue(), variable);
        } else if (!KUBERNETES.matcher(variable).matches()) {
          throw new CliException("unknown environment variable " + variable + nearest(variable));
        }
      }
    }
  }

  private static Optional<String> key(String variable) {
    Optional<String> known =
        Arrays.stream(ConfigKey.values())
            .filter(key -> key.variable().equals(variable))
            .map(ConfigKey::key)
            .findFirst();
    if (known.isEmpty() && variable.startsWith(CLIENT_VARIABLE)) {
      String name = variable.substring(CLIENT_VARIABLE.length());
      return Optional.of(name.toLowerCase(Locale.ROOT).replace('_', '.'));
    }
    return known;
  }

  private static String nearest(String variable) {
    List<String> known = Arrays.stream(ConfigKey.values()).map(ConfigKey::variable).toList();
    return Nearest.of(variable, known, variable.length() / 3)
        .map(meant -> ": did you mean " + meant + "?")
        .orElse("; cnn2gnn config --keys lists all keys");
  }

  /**
   * All of them by key, after a look at their names; what stands for a secret elsewhere ({@code
   * config.providers}) is replaced by it.
   */
  public Map<String, String> values() throws CliException {
    try {
      ConfigNames.check(settings.keySet());
    } catch (IllegalArgumentException e) {
      throw new CliException(e.getMessage(), e);
    }
    Map<String, String> values = new TreeMap<>();
    settings.forEach((key, setting) -> values.put(key, setting.value()));
    return ConfigVariables.resolve(values);
  }

  /** All of them by key, with who said so. */
  public Map<String, Setting> settings() {
    return new TreeMap<>(settings);
  }
}
