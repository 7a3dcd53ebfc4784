package io.cnn2gnn.model.reference;

import io.cnn2gnn.model.reference.ReferenceRefusedException.Reason;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where references may point: URI prefixes, each a folder of a host or of this machine.
 *
 * <p>A reference is compared part by part, never as text, and what two programs might read
 * differently is refused outright, not normalised: dot segments, however often encoded, encoded
 * slashes, backslashes and control characters, empty segments, user-info. The query of a web
 * address is left alone, since signed addresses need theirs.
 */
public final class AllowList {
  /** Where images by reference may be. */
  public static final String IMAGES = "cnn2gnn.reference.allow";

  /** Where bundles of released models may be. */
  public static final String BUNDLES = "cnn2gnn.release.allow";

  /** Also bounds the work of decoding what was encoded many times. */
  private static final int MAX_LENGTH = 4096;

  private static final Pattern COMMA = Pattern.compile(",");
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]*");
  private static final Pattern ESCAPE = Pattern.compile("%([0-9a-fA-F]{2})");

  /** A dot, a slash, a backslash, a control character, or a byte of their overlong forms. */
  private static final Pattern FORBIDDEN_ESCAPE =
      Pattern.compile("%(2e|2f|5c|[01][0-9a-f]|7f|c0|c1)", Pattern.CASE_INSENSITIVE);

  /** Some servers cut a segment at its semicolon. */
  private static final Pattern DOT_SEGMENT = Pattern.compile("(^|[/\\\\])\\.{1,2}(;|[/\\\\]|$)");

  /** An allowed reference. */
  sealed interface Target {
    /** A file of a web server. */
    record Web(URI uri) implements Target {}

    /** A file of this machine; that it is below the folder is so far true of the names alone. */
    record Local(Path file, Path folder) implements Target {}
  }

  private record Prefix(String text, URI uri) {
    boolean covers(URI reference) {
      return scheme(uri).equals(scheme(reference))
          && host(uri).equals(host(reference))
          && port(uri) == port(reference)
          && reference.getRawPath().startsWith(uri.getRawPath());
    }
  }

  private final String key;
  private final List<Prefix> prefixes;

  private AllowList(String key, List<Prefix> prefixes) {
    this.key = key;
    this.prefixes = prefixes;
  }

  /**
   * Reads comma-separated prefixes.
   *
   * @param key of the configuration that they come from, for messages
   * @throws IllegalArgumentException naming the prefix that is none
   */
  public static AllowList of(String key, String prefixes) {
    return new AllowList(
        key,
        COMMA
            .splitAsStream(prefixes)
            .map(String::strip)
            .filter(text -> !text.isEmpty())
            .map(text -> prefix(key, text))
            .toList());
  }

  /**
   * The same and one more prefix, in which a comma is a comma.
   *
   * @throws IllegalArgumentException naming the prefix if it is none
   */
  public AllowList with(String prefix) {
    return new AllowList(
        key, Stream.concat(prefixes.stream(), Stream.of(prefix(key, prefix))).toList());
  }

  /** Whether nothing is allowed. */
  public boolean isEmpty() {
    return prefixes.isEmpty();
  }

  /** The key of the configuration. */
  String key() {
    return key;
  }

  private static Prefix prefix(String key, String text) {
    try {
      URI uri = parse(text);
      if (!uri.getRawPath().endsWith("/") || uri.getRawQuery() != null) {
        throw new Fault("must end with a slash");
      }
      if (port(uri) == 0 || port(uri) > 65_535) {
        throw new Fault("has no such port");
      }
      return new Prefix(text, uri);
    } catch (Fault e) {
      throw new IllegalArgumentException("%s: %s %s".formatted(key, text, e.getMessage()), e);
    }
  }

  /** The folders of this machine, as they are written. */
  List<Path> folders() {
    return prefixes.stream().map(Prefix::uri).filter(AllowList::isFile).map(Path::of).toList();
  }

  /**
   * What a reference points to.
   *
   * @throws ReferenceRefusedException if no prefix covers it or it can be misread
   */
  Target admit(String reference) throws ReferenceRefusedException {
    if (prefixes.isEmpty()) {
      throw notAllowed("references are not followed: " + key + " is empty");
    }
    try {
      URI uri = parse(reference);
      // Of folders in one another the innermost is the one whose real path counts.
      Optional<URI> prefix =
          prefixes.stream()
              .filter(p -> p.covers(uri))
              .map(Prefix::uri)
              .max(Comparator.comparingInt(p -> p.getRawPath().length()));
      if (prefix.isEmpty()) {
        throw notAllowed("no prefix of %s covers %s".formatted(key, withoutQuery(reference)));
      }
      return isFile(uri)
          ? new Target.Local(Path.of(uri), Path.of(prefix.get()))
          : new Target.Web(uri);
    } catch (Fault e) {
      throw notAllowed(
          "%s does not allow a URI that %s: %s"
              .formatted(key, e.getMessage(), withoutQuery(reference)));
    }
  }

  /** A URI as messages show it: its query may hold a signature that is nobody's business. */
  static String withoutQuery(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  private static ReferenceRefusedException notAllowed(String message) {
    return new ReferenceRefusedException(Reason.REFERENCE_NOT_ALLOWED, message);
  }

  /** An absolute file, http or https URI that nobody can misread. */
  private static URI parse(String text) throws Fault {
    if (text.length() > MAX_LENGTH) {
      throw new Fault("has more than " + MAX_LENGTH + " characters");
    }
    if (!PRINTABLE.matcher(text).matches()) {
      throw new Fault("has characters that must be percent-encoded");
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new Fault("is malformed (" + e.getReason() + ")");
    }
    if (!uri.isAbsolute() || uri.isOpaque()) {
      throw new Fault("is not absolute");
    }
    switch (scheme(uri)) {
      case "file" -> {
        if (uri.getRawAuthority() != null || uri.getRawQuery() != null) {
          throw new Fault("has a host or a query beside its file");
        }
      }
      case "http", "https" -> {
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
          throw new Fault("has no plain host, or user-info");
        }
      }
      default -> throw new Fault("is neither file, http nor https");
    }
    if (uri.getRawFragment() != null) {
      throw new Fault("has a fragment");
    }
    checkPath(uri.getRawPath());
    return uri;
  }

  private static void checkPath(String path) throws Fault {
    if (FORBIDDEN_ESCAPE.matcher(path).find()) {
      throw new Fault("has an encoded dot, slash, backslash or control character");
    }
    if (path.contains("//")) {
      throw new Fault("has an empty path segment");
    }
    if (DOT_SEGMENT.matcher(decoded(path)).find()) {
      throw new Fault("has a dot segment");
    }
  }

  /** Decoded until nothing is left to decode, as by a chain of careless servers. */
  private static String decoded(String path) {
    String before;
    String after = path;
    do {
      before = after;
      after = ESCAPE.matcher(before).replaceAll(AllowList::character);
    } while (!after.equals(before));
    return after;
  }

  private static String character(MatchResult escape) {
    return Matcher.quoteReplacement(Character.toString(Integer.parseInt(escape.group(1), 16)));
  }

  private static boolean isFile(URI uri) {
    return scheme(uri).equals("file");
  }

  private static String scheme(URI uri) {
    return uri.getScheme().toLowerCase(Locale.ROOT);
  }

  private static String host(URI uri) {
    return uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return scheme(uri).equals("http") ? 80 : 443;
  }

  @Override
  public String toString() {
    return String.join(",", prefixes.stream().map(Prefix::text).toList());
  }

  /** What is wrong with a URI, as the end of a sentence. */
  private static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    Fault(String message) {
      super(message);
    }
  }
}
