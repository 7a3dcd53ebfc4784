package io.cnn2gnn.lab.study;

import com.google.gson.JsonParser;
import io.cnn2gnn.cli.kit.CliException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Whether a service answers by a label already: the outcome of a label is told in the transaction
 * that teaches it, and the tasks of other partitions hear of it a moment later.
 */
final class TaughtLabels {
  private static final Duration PAUSE = Duration.ofMillis(5);

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final Duration longest;

  /**
   * Asks the page of a bank.
   *
   * @param port of the service on loopback
   * @param longest to wait for one label
   */
  TaughtLabels(int port, Duration longest) {
    this.port = port;
    this.longest = longest;
  }

  /** Waits until a label of an image is in force. */
  void await(String image) throws CliException, InterruptedException {
    long begin = System.nanoTime();
    while (!isInForce(image)) {
      if (System.nanoTime() - begin > longest.toNanos()) {
        throw new CliException(
            "the service has taught the label of image %s, and does not answer by it after %d s"
                .formatted(image, longest.toSeconds()));
      }
      Thread.sleep(PAUSE.toMillis());
    }
  }

  private boolean isInForce(String image) throws CliException, InterruptedException {
    URI page = URI.create("http://127.0.0.1:" + port + "/bank?image=" + image);
    HttpRequest request = HttpRequest.newBuilder(page).timeout(longest).build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return response.statusCode() == 200
          && !JsonParser.parseString(response.body())
              .getAsJsonObject()
              .getAsJsonArray("labelled")
              .isEmpty();
    } catch (IOException e) {
      throw new CliException("the service does not say what it was taught: " + e, e);
    }
  }
}
