package io.cnn2gnn.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The page over HTTP: its own files, what they ask for, and a stream of what is new. */
final class PageServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);
  private static final int THREADS = 20;
  private static final int HEADER_BYTES = 16 << 10;
  private static final int MOST_BODY = 64 << 10;

  /** Nothing from elsewhere, nothing inline: what an id or a label says is never run. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Set<String> FILES =
      Set.of(
          "index.html",
          "page.css",
          "chart.js",
          "instances.js",
          "kit.js",
          "map.js",
          "page.js",
          "releases.js",
          "teach.js",
          "time.js",
          "watch.js",
          "why.js");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8");

  private final Gate gate;
  private final Routes routes;
  private final Broadcast broadcast;
  private final Server server;
  private final ServerConnector connector;

  PageServer(PageConfig config, Gate gate, Routes routes, Broadcast broadcast) {
    this.gate = gate;
    this.routes = routes;
    this.broadcast = broadcast;
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
    threads.setDaemon(true);
    threads.setName("page-http");
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(config.host());
    connector.setPort(config.port());
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            PageServer.this.handle(request, response, callback);
            return true;
          }
        });
  }

  void start() throws PageException {
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw new PageException(
          "cannot listen on %s:%d (%s): choose another --port"
              .formatted(connector.getHost(), connector.getPort(), e.getMessage()),
          e);
    }
  }

  String address() {
    String host = connector.getHost();
    boolean any = host.equals("0.0.0.0") || host.equals("::");
    String shown = any ? "localhost" : host.contains(":") ? "[" + host + "]" : host;
    return "http://%s:%d/".formatted(shown, connector.getLocalPort());
  }

  private void handle(Request request, Response response, Callback callback)
      throws IOException, InterruptedException {
    String path = Request.getPathInContext(request);
    String host = request.getHttpURI().getHost();
    if (host != null && !gate.admits(host)) {
      send(
          Reply.problem(421, "not a name of this page: add it with --allowed-host"),
          response,
          callback);
    } else if (request.getMethod().equals("POST") && routes.writes().containsKey(path)) {
      send(write(routes.writes().get(path), request), response, callback);
    } else if (!request.getMethod().equals("GET")) {
      send(Reply.problem(405, "nothing can be written there"), response, callback);
    } else if (path.equals("/events")) {
      safe(response);
      if (!broadcast.open(response, callback)) {
        send(Reply.problem(503, "too many browsers look at this page"), response, callback);
      }
    } else {
      send(read(path, parameters(request)), response, callback);
    }
  }

  private Reply read(String path, Map<String, String> query) {
    Function<Map<String, String>, Reply> found = routes.reads().get(path);
    if (found != null) {
      return found.apply(query);
    }
    String name = path.equals("/") ? "index.html" : path.substring(1);
    return FILES.contains(name) ? file(name) : Reply.problem(404, "no such page");
  }

  private Reply write(Routes.Write route, Request request)
      throws IOException, InterruptedException {
    // A proxy that adds its header to one that a browser has sent leaves both.
    for (String name : gate.heeds()) {
      if (request.getHeaders().getValuesList(name).size() > 1) {
        return Reply.problem(400, "the header " + name + " comes more than once");
      }
    }
    Gate.Verdict verdict = gate.admit(route.right(), name -> header(request, name));
    if (verdict instanceof Gate.Verdict.Denied denied) {
      return Reply.problem(denied.status(), denied.why());
    }
    if (request.getLength() < 0 || request.getLength() > MOST_BODY) {
      return Reply.problem(413, "a request has at most " + MOST_BODY + " bytes");
    }
    String body = Content.Source.asString(request, StandardCharsets.UTF_8);
    return route.writing().write(body, ((Gate.Verdict.Admitted) verdict).user());
  }

  private static String header(Request request, String name) {
    HttpField field = request.getHeaders().getField(name);
    return field == null ? null : field.getValue();
  }

  private static Map<String, String> parameters(Request request) {
    Map<String, String> parameters = new HashMap<>();
    String query = Optional.ofNullable(request.getHttpURI().getQuery()).orElse("");
    for (String part : query.split("&", -1)) {
      int equals = part.indexOf('=');
      try {
        if (equals > 0) {
          parameters.putIfAbsent(
              URLDecoder.decode(part.substring(0, equals), StandardCharsets.UTF_8),
              URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
        }
      } catch (IllegalArgumentException e) {
        LOG.debug("a parameter that cannot be decoded is left out", e);
      }
    }
    return parameters;
  }

  private static Reply file(String name) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    try (InputStream in = PageServer.class.getResourceAsStream(name)) {
      return new Reply(200, type, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("a file of the page's own", e);
    }
  }

  private static void safe(Response response) {
    response.getHeaders().put("Content-Security-Policy", POLICY);
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    response.getHeaders().put("Referrer-Policy", "no-referrer");
    response.getHeaders().put("Cross-Origin-Resource-Policy", "same-origin");
  }

  private static void send(Reply reply, Response response, Callback callback) {
    safe(response);
    response.setStatus(reply.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.type());
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, reply.body().length);
    // A record of a topic never changes.
    boolean kept = reply.status() == 200 && reply.type().startsWith("image/");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, kept ? "private, max-age=600" : "no-store");
    response.write(true, ByteBuffer.wrap(reply.body()), callback);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("the page did not stop cleanly", e);
    }
  }
}
