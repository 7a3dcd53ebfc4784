package io.cnn2gnn.topology.pages;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.cnn2gnn.topology.bank.BankScan;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.HostInfo;

/** The other instances, asked over HTTP for what they hold themselves. */
public final class HttpPeers {
  static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Supplier<Set<HostInfo>> addresses;
  private final HttpClient http;
  private final Gson gson = new Gson();

  HttpPeers(Supplier<Set<HostInfo>> addresses) {
    this.addresses = addresses;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
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
      replies.put(address(at), ask(address(at), imageId));
    }
    return replies;
  }

  private CompletableFuture<BankRows> ask(String address, String imageId) {
    HttpRequest request;
    try {
      String id = URLEncoder.encode(imageId, StandardCharsets.UTF_8);
      URI uri = URI.create("http://%s%s?local=true&image=%s".formatted(address, BankPage.PATH, id));
      request = HttpRequest.newBuilder(uri).timeout(PATIENCE).build();
    } catch (IllegalArgumentException e) {
      // Whatever it advertises, no request can be sent there.
      return CompletableFuture.failedFuture(e);
    }
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(this::rows)
        // The request's own limit ends with the headers.
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private BankRows rows(HttpResponse<String> response) {
    if (response.statusCode() != 200 && response.statusCode() != 404) {
      throw new CompletionException(
          new IllegalStateException("it answered with status " + response.statusCode()));
    }
    try {
      LocalReply reply = gson.fromJson(response.body(), LocalReply.class);
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

  /** The reply to {@code local=true}. */
  record LocalReply(List<Row> rows, List<Integer> searched) {
    record Row(
        int partition,
        int slot,
        String label,
        boolean known,
        String space,
        long sequence,
        long newer) {
      BankRows.Row row() {
        return new BankRows.Row(
            partition, new BankScan.Found(label, known, space, slot, sequence, newer));
      }
    }
  }
}
