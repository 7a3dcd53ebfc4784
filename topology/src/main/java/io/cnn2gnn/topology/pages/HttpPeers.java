package io.cnn2gnn.topology.pages;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.cnn2gnn.model.reference.BoundedBody;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.streams.state.HostInfo;

/**
 * The other instances, asked over HTTP for what they hold themselves. Their addresses are what the
 * members of the group say, and so may be anybody's: what answers there gets no more than a
 * connection for {@link #PATIENCE} and {@link #MOST_BYTES} of memory.
 */
public final class HttpPeers {
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Thousands of rows. */
  static final int MOST_BYTES = 1 << 20;

  /** A name or an address, that of IPv6 without its brackets. */
  private static final Pattern HOST = Pattern.compile("[0-9A-Za-z._-]+|[0-9A-Fa-f:.]+");

  private static final int LAST_PORT = 65_535;

  private final Supplier<Set<HostInfo>> addresses;
  private final HttpClient http;
  private final Gson gson = new Gson();

  HttpPeers(Supplier<Set<HostInfo>> addresses) {
    this.addresses = addresses;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(PATIENCE)
            .build();
  }

  /** An instance's address as text. */
  public static String address(HostInfo at) {
    return (at.host().contains(":") ? "[" + at.host() + "]" : at.host()) + ":" + at.port();
  }

  /** Their replies, each within {@link #PATIENCE}; one that gives none fails with the reason. */
  Map<String, CompletableFuture<BankRows>> find(String imageId) {
    Map<String, CompletableFuture<BankRows>> replies = new HashMap<>();
    for (HostInfo at : addresses.get()) {
      replies.put(address(at), ask(at, imageId));
    }
    return replies;
  }

  private CompletableFuture<BankRows> ask(HostInfo at, String imageId) {
    HttpRequest request;
    try {
      String address = checked(at);
      String id = URLEncoder.encode(imageId, StandardCharsets.UTF_8);
      URI uri = URI.create("http://%s%s?local=true&image=%s".formatted(address, BankPage.PATH, id));
      request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    } catch (IllegalArgumentException e) {
      // Whatever it advertises, no request can be sent there.
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<HttpResponse<byte[]>> exchange =
        http.sendAsync(request, head -> new BoundedBody(MOST_BYTES));
    return exchange
        .thenApply(this::rows)
        // The request's own limit ends with the headers.
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        // Closes the connection, unless the answer is complete.
        .whenComplete((rows, e) -> exchange.cancel(true));
  }

  /** Of anything but host and port the rest of the URI would be a part. */
  private static String checked(HostInfo at) {
    if (!HOST.matcher(at.host()).matches() || at.port() < 1 || at.port() > LAST_PORT) {
      throw new IllegalArgumentException("it advertises no plain host and port");
    }
    return address(at);
  }

  private BankRows rows(HttpResponse<byte[]> response) {
    if (response.statusCode() != 200 && response.statusCode() != 404) {
      throw new CompletionException(
          new IllegalStateException("it answered with status " + response.statusCode()));
    }
    if (response.body().length > MOST_BYTES) {
      throw new CompletionException(
          new IllegalStateException("it answered with more than %d bytes".formatted(MOST_BYTES)));
    }
    try {
      LocalReply reply =
          gson.fromJson(new String(response.body(), StandardCharsets.UTF_8), LocalReply.class);
      if (reply == null || reply.rows() == null || reply.searched() == null) {
        throw new JsonParseException("rows or searched is missing");
      }
      return new BankRows(
          reply.rows().stream().map(LocalReply.Row::row).toList(), new TreeSet<>(reply.searched()));
    } catch (JsonParseException e) {
      throw new CompletionException(
          new IllegalStateException("it answered something else: " + e.getMessage(), e));
    }
  }
}
