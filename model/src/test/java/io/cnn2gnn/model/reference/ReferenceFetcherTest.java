package io.cnn2gnn.model.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.model.reference.ReferenceRefusedException.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceFetcherTest {
  private static final byte[] FILE = "the bytes of a file".getBytes(StandardCharsets.UTF_8);
  private static final int CAP = 1000;

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private String web;
  private Path allowed;
  private ReferenceFetcher fetcher;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    web = "http://127.0.0.1:%d/".formatted(server.getAddress().getPort());
    allowed = Files.createDirectory(folder.resolve("allowed"));
    fetcher = fetcher(Duration.ofSeconds(10));
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private ReferenceFetcher fetcher(Duration timeout) {
    AllowList list = AllowList.of(AllowList.IMAGES, web + "," + allowed.toUri());
    return new ReferenceFetcher(new ReferenceConfig(list, CAP, timeout));
  }

  private void serve(HttpHandler handler) {
    server.createContext("/a.png", handler);
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private record Reference(String uri, String sha256, long size) {}

  private byte[] fetch(Reference reference) throws ReferenceRefusedException {
    return fetcher.fetch(reference.uri(), reference.sha256(), reference.size());
  }

  private static Reference reference(String uri, byte[] file) {
    return reference(uri, Sha256.hex(file), file.length);
  }

  private static Reference reference(String uri, String sha256, long size) {
    return new Reference(uri, sha256, size);
  }

  private void refuses(Reference reference, Reason reason, String... parts) {
    assertThatThrownBy(() -> fetch(reference))
        .isInstanceOfSatisfying(
            ReferenceRefusedException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              for (String part : parts) {
                assertThat(e).hasMessageContaining(part);
              }
            });
  }

  private void isAway(String... parts) {
    assertThatThrownBy(() -> fetch(reference(web + "a.png?token=secret", FILE)))
        .isInstanceOf(ReferenceUnavailableException.class)
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("secret");
  }

  @Test
  void fetchesFromTheWebAgainAndAgain() throws Exception {
    serve(exchange -> answer(exchange, 200, FILE));
    Reference reference =
        reference(web + "a.png?v=1", Sha256.hex(FILE).toUpperCase(Locale.ROOT), FILE.length);
    for (int i = 0; i < 3; i++) {
      assertThat(fetch(reference)).isEqualTo(FILE);
    }
  }

  @Test
  void fetchesABodyOfUntoldLength() throws Exception {
    byte[] full = new byte[CAP];
    serve(exchange -> chunked(exchange, full));
    assertThat(fetch(reference(web + "a.png", full))).isEqualTo(full);
  }

  private static void chunked(HttpExchange exchange, byte[] body) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void whatIsNotThereIsNotFound() {
    serve(
        exchange ->
            answer(exchange, exchange.getRequestURI().getQuery() == null ? 404 : 410, FILE));
    refuses(reference(web + "a.png", FILE), Reason.REFERENCE_NOT_FOUND, "404");
    refuses(reference(web + "a.png?gone", FILE), Reason.REFERENCE_NOT_FOUND, "410");
  }

  @Test
  void aHostThatFailsIsAwayAndMayComeBack() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    int[] statuses = {500, 503, 408, 425, 429};
    serve(
        exchange -> {
          int call = calls.getAndIncrement();
          answer(exchange, call < statuses.length ? statuses[call] : 200, FILE);
        });
    for (int status : statuses) {
      isAway("answered " + status);
    }
    assertThat(fetch(reference(web + "a.png", FILE))).isEqualTo(FILE);
  }

  @Test
  void aHostThatIsNotThereIsAway() {
    server.stop(0);
    isAway("ConnectException");
  }

  @Test
  void aConnectionCutInTheMiddleIsAway() {
    serve(
        exchange -> {
          exchange.sendResponseHeaders(200, FILE.length);
          exchange.getResponseBody().write(FILE, 0, 5);
          exchange.getResponseBody().flush();
          // Closing a short body drops the connection.
          exchange.close();
        });
    isAway("a.png");
  }

  @Test
  void aRedirectIsRefusedAndNotFollowed() {
    AtomicInteger followed = new AtomicInteger();
    server.createContext("/b.png", exchange -> followed.incrementAndGet());
    serve(
        exchange -> {
          exchange.getResponseHeaders().set("Location", web + "b.png");
          answer(exchange, 302, new byte[0]);
        });
    refuses(
        reference(web + "a.png", FILE),
        Reason.REFERENCE_REFUSED,
        "302",
        "redirects are not followed",
        "b.png");
    assertThat(followed).hasValue(0);
  }

  @Test
  void anyOtherAnswerIsRefusedWithItsStatus() {
    serve(
        exchange ->
            answer(exchange, Integer.parseInt(exchange.getRequestURI().getQuery()), new byte[0]));
    for (int status : new int[] {204, 304, 400, 401, 403, 414}) {
      refuses(
          reference(web + "a.png?" + status, FILE), Reason.REFERENCE_REFUSED, "answered " + status);
    }
  }

  @Test
  void aFileThatIsTooLargeIsNotReadWhetherItsLengthIsToldOrNot() throws Exception {
    CountDownLatch cut = new CountDownLatch(2);
    serve(
        exchange -> {
          boolean told = exchange.getRequestURI().getQuery() != null;
          exchange.sendResponseHeaders(200, told ? 1L << 40 : 0);
          try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
              out.write(new byte[1 << 16]);
            }
          } catch (IOException e) {
            cut.countDown();
            throw e;
          }
        });
    refuses(reference(web + "a.png?told", FILE), Reason.REFERENCE_TOO_LARGE, "1000 bytes");
    refuses(reference(web + "a.png", FILE), Reason.REFERENCE_MISMATCH, "more than the 19 bytes");
    assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void nothingIsReadBeyondWhatTheRecordSaysHoweverMuchIsAllowed() throws Exception {
    CompletableFuture<Long> sent = new CompletableFuture<>();
    serve(
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          long bytes = 0;
          try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
              out.write(new byte[1 << 16]);
              bytes += 1 << 16;
            }
          } catch (IOException e) {
            sent.complete(bytes);
            throw e;
          }
        });
    int much = 256 << 20;
    AllowList list = AllowList.of(AllowList.IMAGES, web);
    fetcher = new ReferenceFetcher(new ReferenceConfig(list, much, Duration.ofSeconds(60)));
    refuses(reference(web + "a.png", FILE), Reason.REFERENCE_MISMATCH, "more than the 19 bytes");
    // The rest is what the sockets hold.
    assertThat(sent.get(60, TimeUnit.SECONDS)).isLessThan(much / 4);
  }

  @Test
  void aRecordThatSaysTooMuchIsNotFetched() {
    AtomicInteger calls = new AtomicInteger();
    serve(exchange -> calls.incrementAndGet());
    String hash = Sha256.hex(FILE);
    refuses(
        reference(web + "a.png", hash, CAP + 1),
        Reason.REFERENCE_TOO_LARGE,
        "the most that is fetched");
    refuses(reference(web + "a.png", hash, 0), Reason.REFERENCE_MISMATCH, "size");
    refuses(reference(web + "a.png", hash, -1), Reason.REFERENCE_MISMATCH, "size");
    refuses(reference(web + "a.png", "", FILE.length), Reason.REFERENCE_MISMATCH, "sha256");
    refuses(reference(web + "a.png", "z".repeat(64), FILE.length), Reason.REFERENCE_MISMATCH);
    refuses(
        reference("http://127.0.0.1:1/a.png", FILE),
        Reason.REFERENCE_NOT_ALLOWED,
        "cnn2gnn.reference.allow");
    assertThat(calls).hasValue(0);
  }

  @Test
  void anotherFileThanTheRecordMeansIsAMismatch() {
    serve(
        exchange -> {
          if (exchange.getRequestURI().getQuery() == null) {
            answer(exchange, 200, FILE);
          } else {
            chunked(exchange, FILE);
          }
        });
    String hash = Sha256.hex(FILE);
    for (String uri : new String[] {web + "a.png", web + "a.png?chunked"}) {
      refuses(reference(uri, hash, FILE.length - 1), Reason.REFERENCE_MISMATCH, "18");
      refuses(reference(uri, hash, FILE.length + 1), Reason.REFERENCE_MISMATCH, "19 bytes", "20");
      refuses(
          reference(uri, Sha256.hex(new byte[0]), FILE.length), Reason.REFERENCE_MISMATCH, hash);
    }
  }

  @Test
  void aBodyThatDribblesIsCutOffWithTheTimeout() throws Exception {
    CountDownLatch cut = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    serve(
        exchange -> {
          exchange.sendResponseHeaders(200, FILE.length);
          try (OutputStream out = exchange.getResponseBody()) {
            for (int i = 0; i < FILE.length && !over.await(100, TimeUnit.MILLISECONDS); i++) {
              out.write(FILE[i]);
              out.flush();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (IOException e) {
            cut.countDown();
            throw e;
          }
        });
    fetcher = fetcher(Duration.ofMillis(300));
    long start = System.nanoTime();
    isAway("no whole answer within 300 ms");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(1500));
    assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
    over.countDown();
  }

  private static Reference local(Path file) {
    return reference(file.toUri().toString(), FILE);
  }

  @Test
  void fetchesFilesBelowTheFolderAlsoThroughItsLinks() throws Exception {
    Path file = Files.createDirectories(allowed.resolve("a b")).resolve("ä.png");
    Files.write(file, FILE);
    assertThat(fetch(reference(file.toUri().toASCIIString(), FILE))).isEqualTo(FILE);
    Path link = Files.createSymbolicLink(allowed.resolve("link.png"), file);
    assertThat(fetch(local(link))).isEqualTo(FILE);
  }

  @Test
  void theFolderItselfMayBeALink() throws Exception {
    Path real = Files.createDirectory(folder.resolve("real"));
    Files.delete(allowed);
    Files.createSymbolicLink(allowed, real);
    Files.write(real.resolve("a.png"), FILE);
    assertThat(fetch(local(allowed.resolve("a.png")))).isEqualTo(FILE);
    refuses(local(real.resolve("a.png")), Reason.REFERENCE_NOT_ALLOWED, AllowList.IMAGES);
  }

  @Test
  void refusesWhatLiesOutsideOrIsNoFile() throws Exception {
    Path outside = Files.write(folder.resolve("outside.png"), FILE);
    refuses(local(outside), Reason.REFERENCE_NOT_ALLOWED, AllowList.IMAGES);
    refuses(
        reference(allowed.toUri() + "../outside.png", FILE),
        Reason.REFERENCE_NOT_ALLOWED,
        "dot segment");
    refuses(
        local(Files.createSymbolicLink(allowed.resolve("link.png"), outside)),
        Reason.REFERENCE_NOT_ALLOWED,
        "out of");
    Files.createSymbolicLink(allowed.resolve("up"), folder);
    refuses(local(allowed.resolve("up/outside.png")), Reason.REFERENCE_NOT_ALLOWED, "out of");
    refuses(
        reference(allowed.toUri().toString(), FILE), Reason.REFERENCE_NOT_ALLOWED, "regular file");
    refuses(
        local(Files.createDirectory(allowed.resolve("sub"))),
        Reason.REFERENCE_NOT_ALLOWED,
        "regular file");
  }

  @Test
  void aNameThatNoFileCanHaveIsNotFoundAndNotWaitedFor() throws Exception {
    refuses(local(allowed.resolve("missing.png")), Reason.REFERENCE_NOT_FOUND, "no such file");
    refuses(local(allowed.resolve("x".repeat(300))), Reason.REFERENCE_NOT_FOUND);
    Path file = Files.write(allowed.resolve("a.png"), FILE);
    refuses(local(file.resolve("b.png")), Reason.REFERENCE_NOT_FOUND);
    Path circle = allowed.resolve("circle.png");
    refuses(local(Files.createSymbolicLink(circle, circle)), Reason.REFERENCE_NOT_FOUND);
  }

  @Test
  void aFileOfAnotherLengthOrTooLargeIsRefused() throws Exception {
    Path file = Files.write(allowed.resolve("a.png"), new byte[CAP + 1]);
    refuses(local(file), Reason.REFERENCE_TOO_LARGE);
    Files.write(file, new byte[CAP]);
    refuses(local(file), Reason.REFERENCE_MISMATCH, "1000 bytes");
    Files.write(file, new byte[FILE.length]);
    refuses(local(file), Reason.REFERENCE_MISMATCH, "sha256");
  }

  @Test
  void aFolderThatIsGoneIsAwayButAtTheStartAMistake() throws Exception {
    Files.delete(allowed);
    assertThatThrownBy(() -> fetch(local(allowed.resolve("a.png"))))
        .isInstanceOf(ReferenceUnavailableException.class);
    AllowList list = AllowList.of(AllowList.IMAGES, allowed.toUri() + "/");
    assertThatThrownBy(
            () -> new ReferenceFetcher(new ReferenceConfig(list, CAP, Duration.ofSeconds(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("cnn2gnn.reference.allow", allowed.toString());
  }

  @Test
  void aFolderWhoseFileSystemIsNotMountedAnyMoreIsAwayAndItsFilesAreNotMissing() throws Exception {
    AtomicReference<String> mounted = new AtomicReference<>("images");
    AllowList list = AllowList.of(AllowList.IMAGES, allowed.toUri().toString());
    fetcher =
        new ReferenceFetcher(
            new ReferenceConfig(list, CAP, Duration.ofSeconds(1)),
            folders -> new Mounts(folders, at -> at.equals(allowed) ? mounted.get() : "root"));
    Reference reference = reference(allowed.toUri() + "a.png", FILE);
    refuses(reference, Reason.REFERENCE_NOT_FOUND);
    mounted.set("root");
    assertThatThrownBy(() -> fetch(reference))
        .isInstanceOf(ReferenceUnavailableException.class)
        .hasMessageContaining("is not mounted any more");
    mounted.set("mounted again, under another number");
    refuses(reference, Reason.REFERENCE_NOT_FOUND);
    Files.write(allowed.resolve("a.png"), FILE);
    assertThat(fetch(reference)).isEqualTo(FILE);
  }
}
