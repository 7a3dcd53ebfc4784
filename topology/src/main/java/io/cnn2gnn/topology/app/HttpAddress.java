package io.cnn2gnn.topology.app;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Where the endpoints listen, and by which names they may be asked. A browser that was sent here by
 * a name of somebody else's, which that one has bound anew to this address (DNS rebinding), says
 * that name in its request.
 *
 * @param names in lower case; {@code *} stands for any
 */
record HttpAddress(String host, int port, Set<String> names) {
  private static final String ANY = "*";
  private static final Pattern NAME = Pattern.compile("[\\p{Alnum}._-]+|\\*");
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  HttpAddress {
    names = Set.copyOf(names);
  }

  /** That of a service, which the others know by that address. */
  static HttpAddress of(AppConfig config, Optional<HostInfo> self) {
    Set<String> names = new HashSet<>(config.httpAllowedHosts());
    names.add("localhost");
    names.add(plain(config.httpHost()));
    self.ifPresent(at -> names.add(plain(at.host())));
    return new HttpAddress(config.httpHost(), config.httpPort(), names);
  }

  /**
   * Reads a list of names.
   *
   * @throws IllegalArgumentException naming what is none
   */
  static Set<String> parse(String list) {
    Set<String> names = new TreeSet<>();
    for (String part : list.split(",", -1)) {
      String name = part.strip();
      if (name.isEmpty()) {
        continue;
      }
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "%s takes names of hosts, without a port, or *: %s"
                .formatted(ConfigKey.HTTP_ALLOWED_HOSTS.key(), name));
      }
      names.add(plain(name));
    }
    return names;
  }

  /** Whether a request to that host, without a port, is meant for these endpoints. */
  boolean admits(String asked) {
    // Nobody can bind a number anew.
    return asked.contains(":")
        || IPV4.matcher(asked).matches()
        || names.contains(ANY)
        || names.contains(plain(asked));
  }

  private static String plain(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }
}
