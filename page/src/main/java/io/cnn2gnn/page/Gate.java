package io.cnn2gnn.page;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * Whom the page serves. A browser that another site has sent here says so in what it asks: by the
 * name that it knows this address by (DNS rebinding), or by the page that it comes from (forged
 * requests).
 */
final class Gate {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final String BEARER = "Bearer ";
  private static final String NOBODY = "page";
  private static final int MOST_NAME = 512;

  private final Set<String> names;
  private final PageConfig.Writers writers;
  private final boolean onLoopback;

  /** A verdict: who it is, or why nobody may. */
  sealed interface Verdict {
    /** May write, by this name. */
    record Admitted(String name) implements Verdict {}

    /** May not. */
    record Denied(int status, String why) implements Verdict {}
  }

  Gate(PageConfig config) {
    this.writers = config.writers();
    // A page with other names is reached from elsewhere, through a proxy on this machine.
    this.onLoopback = isLoopback(config.host()) && config.names().isEmpty();
    this.names = new TreeSet<>(config.names());
    names.add("localhost");
    names.add(config.host().toLowerCase(Locale.ROOT));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Whether a request for that host, without its port, is meant for this page. */
  boolean admits(String host) {
    // Nobody can bind a number anew.
    return host.contains(":")
        || IPV4.matcher(host).matches()
        || names.contains("*")
        || names.contains(host.toLowerCase(Locale.ROOT));
  }

  /** Whether anybody may write labels here. */
  boolean isOpen() {
    return onLoopback || writers.token().isPresent() || writers.userHeader().isPresent();
  }

  /** Whether a browser has to know a token. */
  boolean asksForToken() {
    return writers.token().isPresent();
  }

  /**
   * Whether whoever sent this may write.
   *
   * @param header the request's headers by name; null where there is none
   */
  Verdict writer(UnaryOperator<String> header) {
    Optional<String> origin = Optional.ofNullable(header.apply("Origin"));
    String host = Optional.ofNullable(header.apply("Host")).orElse("");
    if (origin.isEmpty() || !isOf(origin.get(), host)) {
      return new Verdict.Denied(403, "labels are taken from this page alone");
    }
    if (!isOpen()) {
      return new Verdict.Denied(
          403, "nobody may write labels here: start the page with --token-file");
    }
    if (writers.token().isPresent() && !hasToken(header.apply("Authorization"))) {
      return new Verdict.Denied(401, "the token is missing or wrong");
    }
    if (writers.userHeader().isEmpty()) {
      return new Verdict.Admitted(NOBODY);
    }
    String user = header.apply(writers.userHeader().get());
    return user == null || user.isBlank() || user.length() > MOST_NAME
        ? new Verdict.Denied(401, "the proxy names no user")
        : new Verdict.Admitted(user);
  }

  private static boolean isOf(String origin, String host) {
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority != null && authority.equalsIgnoreCase(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private boolean hasToken(String authorization) {
    return authorization != null
        && authorization.startsWith(BEARER)
        && MessageDigest.isEqual(
            authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8),
            writers.token().orElseThrow().getBytes(StandardCharsets.UTF_8));
  }
}
