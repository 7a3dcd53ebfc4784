package io.cnn2gnn.page;

import io.cnn2gnn.schemas.Printable;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whom the page serves. A browser that another site has sent here says so in what it asks: by the
 * name that it knows this address by (DNS rebinding), or by the page that it comes from (forged
 * requests).
 */
final class Gate {
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final String BEARER = "Bearer ";
  private static final int MOST_NAME = 512;

  private final Set<String> names;
  private final PageConfig.Writers writers;
  private final PageConfig.Operators operators;
  private final boolean onLoopback;

  /** What somebody may be let do. */
  enum Right {
    LABEL("nobody may write labels here: start the page with --token-file"),
    RELEASE(
        "nobody may decide on releases here: start the page with --release-token-file or --release-user");

    /** Why nobody may. */
    private final String closed;

    Right(String closed) {
      this.closed = closed;
    }

    /** As a browser knows it. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A verdict: who it is, or why nobody may. */
  sealed interface Verdict {
    /** May write; by this name, where a proxy names users. */
    record Admitted(Optional<String> user) implements Verdict {}

    /** May not. */
    record Denied(int status, String why) implements Verdict {}
  }

  /**
   * Lets in whom the configuration says.
   *
   * @throws PageException if whoever may label may decide on releases for that
   */
  Gate(PageConfig config) throws PageException {
    Optional<String> released = config.operators().token();
    if (released.isPresent() && released.equals(config.writers().token())) {
      throw new PageException(
          "the token for releases is the one for labels: it takes another one, as the right to label"
              + " does not include releases");
    }
    this.writers = config.writers();
    this.operators = config.operators();
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

  /** Whether anybody may do that here. */
  boolean isOpen(Right right) {
    boolean asked = writers.token().isPresent() || writers.userHeader().isPresent();
    return switch (right) {
      case LABEL -> onLoopback || asked;
      case RELEASE ->
          operators.token().isPresent() || !operators.users().isEmpty() || (onLoopback && !asked);
    };
  }

  /** What nobody may do here, and why. */
  Map<String, String> closed() {
    return Stream.of(Right.values())
        .filter(right -> !isOpen(right))
        .collect(Collectors.toMap(Right::word, right -> right.closed));
  }

  /** Whether a browser has to know a token for that. */
  boolean asksForToken(Right right) {
    return token(right).isPresent();
  }

  private Optional<String> token(Right right) {
    return right == Right.LABEL ? writers.token() : operators.token();
  }

  /** Whether a proxy names users, who then need not say who they are. */
  boolean namesUsers() {
    return writers.userHeader().isPresent();
  }

  /** Headers by which it judges: none of them may come twice. */
  List<String> heeds() {
    return Stream.concat(
            Stream.of("Host", "Origin", "Authorization"), writers.userHeader().stream())
        .toList();
  }

  /**
   * Whether whoever sent this may do what it asks for.
   *
   * @param header the request's headers by name; null where there is none
   */
  Verdict admit(Right right, UnaryOperator<String> header) {
    Optional<String> origin = Optional.ofNullable(header.apply("Origin"));
    String host = Optional.ofNullable(header.apply("Host")).orElse("");
    if (origin.isEmpty() || !isOf(origin.get(), host)) {
      return new Verdict.Denied(403, "only this page itself may write");
    }
    if (!isOpen(right)) {
      return new Verdict.Denied(403, right.closed);
    }
    Optional<String> token = token(right);
    if (token.isPresent() && !isBorne(token.get(), header.apply("Authorization"))) {
      return new Verdict.Denied(401, "the token is missing or wrong");
    }
    if (writers.userHeader().isEmpty()) {
      return new Verdict.Admitted(Optional.empty());
    }
    String user = header.apply(writers.userHeader().get());
    if (user == null || user.isBlank() || user.length() > MOST_NAME) {
      return new Verdict.Denied(401, "the proxy names no user");
    }
    boolean chosen = right == Right.RELEASE && !operators.users().isEmpty();
    return chosen && !operators.users().contains(user)
        ? new Verdict.Denied(403, Printable.of(user) + " may not decide on releases")
        : new Verdict.Admitted(Optional.of(user));
  }

  private static boolean isOf(String origin, String host) {
    try {
      String authority = URI.create(origin).getRawAuthority();
      return authority != null && authority.equalsIgnoreCase(host);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean isBorne(String token, String authorization) {
    return authorization != null
        && authorization.startsWith(BEARER)
        && MessageDigest.isEqual(
            authorization.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8),
            token.getBytes(StandardCharsets.UTF_8));
  }
}
