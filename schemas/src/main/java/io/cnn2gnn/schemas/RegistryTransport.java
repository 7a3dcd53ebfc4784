package io.cnn2gnn.schemas;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.confluent.kafka.schemaregistry.client.rest.RestService;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.schemaregistry.client.rest.utils.UrlList;
import io.confluent.kafka.schemaregistry.client.security.basicauth.BasicAuthCredentialProvider;
import io.confluent.kafka.schemaregistry.client.security.bearerauth.BearerAuthCredentialProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * Carries the calls of Confluent's client, whose own transport goes to the next address only where
 * none answers, does not hear {@code Retry-After}, and dies of an answer without a body.
 *
 * <p>An answer that is not a registry's own, such as a proxy's page, or that asks for patience,
 * sends the call to the next address; the last one decides.
 */
final class RegistryTransport extends RestService {
  /** Of an answer that is not a registry's; Confluent's client has the same code for it. */
  static final int NO_CODE = 50005;

  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;

  /** No schema comes near it. */
  private static final int MOST_BYTES = 16 << 20;

  private static final ObjectMapper JSON =
      new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

  private final LongSupplier nanos;
  private final Map<String, Throttle> throttles = new ConcurrentHashMap<>();
  private Optional<BasicAuthCredentialProvider> basic = Optional.empty();
  private Optional<BearerAuthCredentialProvider> bearer = Optional.empty();
  private Optional<SSLSocketFactory> sockets = Optional.empty();
  private Optional<HostnameVerifier> hosts = Optional.empty();
  private Map<String, String> headers = Map.of();
  private Optional<Proxy> proxy = Optional.empty();
  private int connectMillis;
  private int readMillis;

  /** Until when an address wants to be left alone, and how it said so. */
  private record Throttle(long until, RestClientException answer) {}

  /** Over some addresses; the client that it is given to says the rest. */
  RegistryTransport(List<String> urls, LongSupplier nanos) {
    super(new UrlList(urls));
    this.nanos = nanos;
  }

  @Override
  public void setBasicAuthCredentialProvider(BasicAuthCredentialProvider provider) {
    basic = Optional.ofNullable(provider);
    super.setBasicAuthCredentialProvider(provider);
  }

  @Override
  public void setBearerAuthCredentialProvider(BearerAuthCredentialProvider provider) {
    bearer = Optional.ofNullable(provider);
    super.setBearerAuthCredentialProvider(provider);
  }

  @Override
  public void setSslSocketFactory(SSLSocketFactory factory) {
    sockets = Optional.ofNullable(factory);
  }

  @Override
  public void setHostnameVerifier(HostnameVerifier verifier) {
    hosts = Optional.ofNullable(verifier);
  }

  @Override
  public void setHttpHeaders(Map<String, String> custom) {
    headers = Map.copyOf(custom);
  }

  @Override
  public void setProxy(String host, int port) {
    proxy = Optional.of(new Proxy(Proxy.Type.HTTP, new InetSocketAddress(host, port)));
  }

  @Override
  public void setHttpConnectTimeoutMs(int millis) {
    connectMillis = millis;
  }

  @Override
  public void setHttpReadTimeoutMs(int millis) {
    readMillis = millis;
  }

  @Override
  public <T> T httpRequest(
      String path,
      String method,
      byte[] body,
      Map<String, String> properties,
      TypeReference<T> type)
      throws IOException, RestClientException {
    Map<String, String> all = new HashMap<>(headers);
    all.putAll(properties);
    Request request = new Request(path, method, Optional.ofNullable(body), all);
    UrlList urls = getBaseUrls();
    for (int left = urls.size(); ; left--) {
      String base = urls.current();
      try {
        return send(base, request, type);
      } catch (RestClientException e) {
        if (left == 1 || isOfRegistry(e)) {
          throw e;
        }
      } catch (IOException e) {
        if (left == 1) {
          throw e;
        }
      }
      urls.fail(base);
    }
  }

  private record Request(
      String path, String method, Optional<byte[]> body, Map<String, String> headers) {}

  /** Whether another address would say the same. */
  private static boolean isOfRegistry(RestClientException e) {
    return e.getErrorCode() != NO_CODE
        && e.getStatus() != TOO_MANY_REQUESTS
        && e.getStatus() < SERVER_ERROR;
  }

  private <T> T send(String base, Request request, TypeReference<T> type)
      throws IOException, RestClientException {
    Throttle throttle = throttles.get(base);
    if (throttle != null && nanos.getAsLong() - throttle.until() < 0) {
      throw throttle.answer();
    }
    HttpURLConnection connection = open(new URL(join(base, request.path())));
    try {
      connection.setRequestMethod(request.method());
      authorize(connection);
      request.headers().forEach(connection::setRequestProperty);
      if (request.body().isPresent()) {
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
          out.write(request.body().get());
        }
      }
      return answer(base, connection, type);
    } finally {
      connection.disconnect();
    }
  }

  private static String join(String base, String path) {
    return base.replaceFirst("/+$", "") + "/" + path.replaceFirst("^/+", "");
  }

  private HttpURLConnection open(URL url) throws IOException {
    // Without one of our own, those of the JVM's settings hold.
    HttpURLConnection connection =
        (HttpURLConnection)
            (proxy.isPresent() ? url.openConnection(proxy.get()) : url.openConnection());
    connection.setConnectTimeout(connectMillis);
    connection.setReadTimeout(readMillis);
    connection.setUseCaches(false);
    if (connection instanceof HttpsURLConnection secure) {
      sockets.ifPresent(secure::setSSLSocketFactory);
      hosts.ifPresent(secure::setHostnameVerifier);
    }
    return connection;
  }

  /** A provider asks others for its tokens, and may be without one for a while. */
  private void authorize(HttpURLConnection connection) throws IOException {
    try {
      credentials(connection);
    } catch (RuntimeException e) {
      throw new IOException("there are no credentials for the schema registry: " + e, e);
    }
  }

  private void credentials(HttpURLConnection connection) {
    URL url = connection.getURL();
    basic
        .map(provider -> provider.getUserInfo(url))
        .map(user -> Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8)))
        .ifPresent(user -> connection.setRequestProperty("Authorization", "Basic " + user));
    bearer.ifPresent(
        provider -> {
          set(connection, "Authorization", "Bearer ", provider.getBearerToken(url));
          set(connection, "Confluent-Identity-Pool-Id", "", provider.getTargetIdentityPoolId());
          set(connection, "target-sr-cluster", "", provider.getTargetSchemaRegistry());
        });
  }

  private static void set(HttpURLConnection connection, String name, String prefix, String value) {
    if (value != null) {
      connection.setRequestProperty(name, prefix + value);
    }
  }

  private <T> T answer(String base, HttpURLConnection connection, TypeReference<T> type)
      throws IOException, RestClientException {
    int status = connection.getResponseCode();
    if (status == HttpURLConnection.HTTP_NO_CONTENT) {
      return null; // as Confluent's client has it
    }
    if (status != HttpURLConnection.HTTP_OK) {
      throw refusal(base, connection, status);
    }
    T result;
    try (InputStream in = connection.getInputStream()) {
      result = JSON.readValue(bytes(in), type);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "the schema registry answered something that is no registry's: " + firstLine(e), e);
    }
    if (result == null) {
      throw new IOException("the schema registry answered nothing");
    }
    return result;
  }

  private static String firstLine(JsonProcessingException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("");
  }

  private static byte[] bytes(InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new IOException(
          "the schema registry answered with more than %d bytes".formatted(MOST_BYTES));
    }
    return bytes;
  }

  private RestClientException refusal(String base, HttpURLConnection connection, int status)
      throws IOException {
    RestClientException refusal = refusal(connection, status);
    Optional<Long> pause =
        RetryAfter.seconds(connection.getHeaderField("Retry-After"), System.currentTimeMillis());
    if (pause.isPresent() && (status == TOO_MANY_REQUESTS || status >= SERVER_ERROR)) {
      throttles.put(base, new Throttle(nanos.getAsLong() + pause.get() * 1_000_000_000L, refusal));
    }
    return refusal;
  }

  private static RestClientException refusal(HttpURLConnection connection, int status)
      throws IOException {
    try (InputStream in = connection.getErrorStream()) {
      JsonNode answer = in == null ? null : JSON.readTree(bytes(in));
      if (answer != null && answer.path("error_code").isInt()) {
        return new RestClientException(
            answer.path("message").asText(""), status, answer.path("error_code").asInt());
      }
    } catch (JsonProcessingException e) {
      // A page of somebody else's.
    }
    return new RestClientException(
        "status %d without a registry's error code".formatted(status), status, NO_CODE);
  }
}
