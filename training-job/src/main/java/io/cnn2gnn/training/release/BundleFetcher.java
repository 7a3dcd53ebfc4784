package io.cnn2gnn.training.release;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.ModelRelease;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches the bundle of a release: a file, or over http or https, where redirects are not followed.
 * Nothing is parsed before length and SHA-256 are those of the release. Safe for use by several
 * threads.
 */
public final class BundleFetcher {
  /** As much as a bundle may be. */
  public static final long MAX_BYTES = 256L << 20;

  private static final Set<String> SCHEMES = Set.of("file", "http", "https");
  private static final int OK = 200;

  private final long maxBytes;
  private final Duration timeout;
  private final HttpClient client;

  /**
   * Makes one.
   *
   * @param maxBytes the largest bundle that is fetched, at most {@link #MAX_BYTES}
   * @param timeout of connecting, and of the whole answer, over http
   */
  public BundleFetcher(long maxBytes, Duration timeout) {
    if (maxBytes < 1 || maxBytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "the largest bundle must lie in 1..%d bytes: %d".formatted(MAX_BYTES, maxBytes));
    }
    this.maxBytes = maxBytes;
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  /** Checks that bundles can be fetched from a URI. */
  static void check(URI uri) {
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme) || uri.isOpaque()) {
      throw new IllegalArgumentException(
          "bundles are fetched from file:, http: and https: URIs, not from '" + uri + "'");
    }
  }

  /**
   * Fetches, checks and parses.
   *
   * @throws BundleException naming the release and the URI, if there is no such file now, or it is
   *     another than the release means
   * @throws InterruptedException if this thread is interrupted while a server answers
   */
  public Bundle fetch(ModelRelease release) throws BundleException, InterruptedException {
    BundleReference reference = release.getBundle();
    String what =
        "the bundle of release %s:%s at %s"
            .formatted(release.getName(), release.getVersion(), reference.getUri());
    long size = reference.getSize();
    if (size < 1 || size > maxBytes) {
      throw new BundleException(
          "%s is said to have %d bytes, and 1 to %d are fetched".formatted(what, size, maxBytes));
    }
    byte[] bytes;
    try {
      URI uri = URI.create(reference.getUri());
      check(uri);
      bytes = uri.getScheme().equalsIgnoreCase("file") ? file(uri, size) : web(uri, size);
    } catch (IOException | IllegalArgumentException e) {
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      throw new BundleException(what + " cannot be fetched: " + why, e);
    }
    if (bytes.length != size) {
      throw new BundleException(
          "%s has %s bytes, its release says %d"
              .formatted(what, bytes.length > size ? "more" : bytes.length + "", size));
    }
    if (!Sha256.hex(bytes).equalsIgnoreCase(reference.getSha256())) {
      throw new BundleException(what + " is not the released file: its sha256 differs");
    }
    Bundle bundle = Bundle.parse(what, bytes);
    if (!bundle.card().space().equals(release.getSpace())) {
      throw new BundleException(
          "%s spans the embedding space %s, its release says %s"
              .formatted(what, bundle.card().space(), release.getSpace()));
    }
    return bundle;
  }

  private static byte[] file(URI uri, long size) throws IOException {
    Path file = Path.of(uri);
    if (!Files.isRegularFile(file)) {
      throw new IOException("there is no such file");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes((int) size + 1);
    }
  }

  private byte[] web(URI uri, long size) throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(uri).build(),
            head -> new LimitedBody(head.statusCode() == OK ? (int) size : 0));
    try {
      // A request's own timeout ends with the headers; a body may dribble on for ever.
      HttpResponse<byte[]> response = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (response.statusCode() != OK) {
        boolean elsewhere = response.headers().firstValue("Location").isPresent();
        throw new IOException(
            "its host answered "
                + response.statusCode()
                + (elsewhere ? ", and redirects are not followed" : ""));
      }
      return response.body();
    } catch (TimeoutException e) {
      throw new IOException("no whole answer within %d ms".formatted(timeout.toMillis()), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IOException(e.getCause().toString(), e);
    } finally {
      // Closes the connection, unless the answer is complete.
      answer.cancel(true);
    }
  }
}
