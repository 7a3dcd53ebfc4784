package io.cnn2gnn.model.reference;

import io.cnn2gnn.model.reference.ReferenceRefusedException.Reason;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Files of web servers. Redirects are not followed: they would lead past the allow-list. */
final class WebFiles {
  private static final int OK = 200;

  private final HttpClient client;
  private final Duration timeout;

  WebFiles(Duration timeout) {
    this.timeout = timeout;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout)
            .build();
  }

  byte[] read(URI uri, Claim claim) throws ReferenceRefusedException {
    HttpResponse<byte[]> response = response(HttpRequest.newBuilder(uri).build(), claim);
    int status = response.statusCode();
    if (status == OK) {
      OptionalLong length = length(response.headers());
      if (length.isPresent()) {
        claim.check(length.getAsLong());
      }
      return response.body();
    }
    String answer = "its host answered " + status;
    if (status == 408 || status == 425 || status == 429 || status >= 500) {
      throw claim.unavailable(answer);
    }
    if (status == 404 || status == 410) {
      throw claim.refused(Reason.REFERENCE_NOT_FOUND, answer);
    }
    String location = response.headers().firstValue("Location").orElse("");
    throw claim.refused(
        Reason.REFERENCE_REFUSED,
        location.isEmpty() ? answer : answer + ", and redirects are not followed: " + location);
  }

  private HttpResponse<byte[]> response(HttpRequest request, Claim claim) {
    CompletableFuture<HttpResponse<byte[]>> response =
        client.sendAsync(
            request,
            head ->
                new BoundedBody(
                    head.statusCode() == OK
                            && length(head.headers()).orElse(claim.size()) == claim.size()
                        ? (int) claim.size()
                        : 0));
    try {
      // A request's own timeout ends with the headers; a body may dribble on for ever.
      return response.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw claim.unavailable("no whole answer within %d ms".formatted(timeout.toMillis()));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw claim.unavailable(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw claim.unavailable(e);
    } finally {
      // Closes the connection, unless the answer is complete.
      response.cancel(true);
    }
  }

  private static OptionalLong length(HttpHeaders headers) {
    return headers.firstValueAsLong("Content-Length");
  }
}
