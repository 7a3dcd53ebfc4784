package io.cnn2gnn.topology.app;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.cnn2gnn.topology.pages.JsonPage;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /health/live}, {@code /health/ready}, {@code /metrics} (Prometheus text) and pages of
 * JSON; reads only.
 *
 * <p>No thread waits for a client, so that no client keeps the probe waiting that decides whether
 * this process is killed.
 */
final class HttpEndpoints implements AutoCloseable {
  static final int MOST_CONNECTIONS = 64;

  /** That wait to be accepted; of a burst beyond that the system makes a probe try again later. */
  private static final int BACKLOG = 1024;

  /** Of a whole request: the longest id in plain letters still fits. */
  private static final int HEADER_BYTES = 64 << 10;

  /** One of them selects. */
  private static final int IO_THREADS = 3;

  /** More than the pages may hold for as long as another instance takes to answer. */
  private static final int PAGE_THREADS = 8;

  private static final int WAITING_REQUESTS = 16;
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String NO_PAGE = "no such page";

  private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoints.class);

  private record Answer(int status, String type, String body) {
    static Answer text(int status, String line) {
      return new Answer(status, TEXT, line + "\n");
    }
  }

  private final Gson gson = new GsonBuilder().disableHtmlEscaping().setPrettyPrinting().create();
  private final HttpAddress address;
  private final Map<String, Supplier<Optional<String>>> probes;
  private final Map<String, Function<HttpURI, Answer>> pages = new HashMap<>();
  private final Map<String, JsonPage> jsonPages;
  private final ThreadPoolExecutor executor;
  private final Server server;

  /**
   * Opens them.
   *
   * @param longest that a connection may last, which is for one request
   * @param dead why the process should not go on
   * @param notReady why images would not be answered
   */
  HttpEndpoints(
      HttpAddress address,
      Duration longest,
      Supplier<Optional<String>> dead,
      Supplier<Optional<String>> notReady,
      PrometheusMeterRegistry metrics,
      Map<String, JsonPage> jsonPages)
      throws StartupException {
    this.address = address;
    this.jsonPages = jsonPages;
    probes =
        Map.of(
            "/health/live",
            dead,
            "/health/ready",
            () -> notReady.get().map(why -> "not yet: " + why));
    pages.put("/metrics", uri -> new Answer(200, TEXT, metrics.scrape()));
    jsonPages.forEach((path, page) -> pages.put(path, uri -> json(reply(uri, page))));
    ServerSocketChannel channel = bind(address);
    executor =
        new ThreadPoolExecutor(
            PAGE_THREADS,
            PAGE_THREADS,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(WAITING_REQUESTS),
            task -> daemon(task, "http-page"));
    executor.allowCoreThreadTimeOut(true);
    server = server(channel, longest);
    try {
      server.start();
      LOG.info(
          "health, metrics, model, accuracy and bank at {}:{}",
          address.host(),
          channel.socket().getLocalPort());
    } catch (Exception e) {
      close();
      throw new StartupException("the HTTP endpoints do not start: " + e, e);
    }
  }

  private static ServerSocketChannel bind(HttpAddress address) throws StartupException {
    try {
      ServerSocketChannel channel = ServerSocketChannel.open();
      try {
        channel.socket().bind(new InetSocketAddress(address.host(), address.port()), BACKLOG);
        return channel;
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw new StartupException(
          "cannot listen on %s:%d (%s): choose another %s"
              .formatted(address.host(), address.port(), e.getMessage(), AppConfig.HTTP_PORT),
          e);
    }
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private Server server(ServerSocketChannel channel, Duration longest) throws StartupException {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    // A second request on a connection would need a second limit; who asks every few seconds loses
    // nothing by connecting anew.
    http.setPersistentConnectionsEnabled(false);
    QueuedThreadPool threads = new QueuedThreadPool(IO_THREADS, 1);
    threads.setReservedThreads(0);
    threads.setDaemon(true);
    threads.setName("http");
    Server made = new Server(threads, new ScheduledExecutorScheduler("http-cut", true), null);
    ServerConnector connector = new ServerConnector(made, 0, 1, new HttpConnectionFactory(http));
    connector.addBean(new ConnectionLimit(MOST_CONNECTIONS, longest, made.getScheduler()));
    try {
      connector.open(channel);
    } catch (IOException e) {
      throw new StartupException("the HTTP endpoints do not start: " + e, e);
    }
    made.addConnector(connector);
    made.setHandler(
        new Handler.Abstract.NonBlocking() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            HttpEndpoints.this.handle(request, response, callback);
            return true;
          }
        });
    made.setErrorHandler(
        (request, response, callback) -> {
          int status = response.getStatus();
          send(Answer.text(status, HttpStatus.getMessage(status)), response, callback);
          return true;
        });
    return made;
  }

  private void handle(Request request, Response response, Callback callback) {
    HttpURI uri = request.getHttpURI();
    String path = Request.getPathInContext(request);
    if (uri.getHost() != null && !address.admits(uri.getHost())) {
      send(
          Answer.text(
              421, "not a name of this service: add it to " + ConfigKey.HTTP_ALLOWED_HOSTS.key()),
          response,
          callback);
    } else if (hasBody(request)) {
      send(Answer.text(413, "no page takes a body"), response, callback);
    } else if (!request.getMethod().equals("GET")) {
      send(noPage(path), response, callback);
    } else if (probes.containsKey(path)) {
      Optional<String> why = probes.get(path).get();
      send(Answer.text(why.isEmpty() ? 200 : 503, why.orElse("ok")), response, callback);
    } else if (pages.containsKey(path)) {
      later(() -> pages.get(path).apply(uri), response, callback);
    } else {
      send(noPage(path), response, callback);
    }
  }

  private static boolean hasBody(Request request) {
    return request.getLength() > 0 || request.getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
  }

  private Answer noPage(String path) {
    return jsonPages.keySet().stream().anyMatch(path::startsWith)
        ? json(JsonPage.Reply.message(404, NO_PAGE))
        : Answer.text(404, NO_PAGE);
  }

  private void later(Supplier<Answer> page, Response response, Callback callback) {
    try {
      executor.execute(
          () -> {
            Answer answer;
            try {
              answer = page.get();
            } catch (RuntimeException | Error e) {
              callback.failed(e);
              throw e;
            }
            send(answer, response, callback);
          });
    } catch (RejectedExecutionException e) {
      send(Answer.text(503, "too many requests are under way: ask again"), response, callback);
    }
  }

  private Answer json(JsonPage.Reply reply) {
    return new Answer(reply.status(), "application/json", gson.toJson(reply.body()) + "\n");
  }

  private static JsonPage.Reply reply(HttpURI uri, JsonPage page) {
    Map<String, String> parameters;
    try {
      parameters = parameters(uri);
    } catch (IllegalArgumentException e) {
      return JsonPage.Reply.message(400, "the query cannot be decoded: " + e.getMessage());
    }
    try {
      return page.get(parameters);
    } catch (RuntimeException e) {
      LOG.error("{} failed", uri, e);
      return JsonPage.Reply.message(500, "it failed, and the log says why: " + e);
    }
  }

  private static Map<String, String> parameters(HttpURI uri) {
    Map<String, String> parameters = new HashMap<>();
    String query = uri.getQuery() == null ? "" : uri.getQuery();
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parameters.putIfAbsent(
            URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return parameters;
  }

  private static void send(Answer answer, Response response, Callback callback) {
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    response.setStatus(answer.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type());
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    response.write(true, ByteBuffer.wrap(bytes), callback);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("the HTTP endpoints did not stop cleanly", e);
    }
    executor.shutdownNow();
  }
}
