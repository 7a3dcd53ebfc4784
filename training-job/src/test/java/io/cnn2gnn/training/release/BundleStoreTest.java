package io.cnn2gnn.training.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.cnn2gnn.intake.ReleasedBundles;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.model.reference.AllowList;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.training.TestBundles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleStoreTest {
  private static final Instant NOW = Instant.parse("2026-11-25T10:00:00Z");
  private static final Bundle BUNDLE = TestBundles.untrained("garden", "1", metrics());

  private static Map<String, Double> metrics() {
    Map<String, Double> metrics = new TreeMap<>(Map.of("accuracy", 0.75));
    metrics.putAll(new DriftReference(500, Map.of("ant", 1.0), 0.1, 0.5, 0.1, 0.1, 0.1).metrics());
    return metrics;
  }

  @TempDir private Path folder;
  private final ReleaseRecords records = new ReleaseRecords(Clock.fixed(NOW, ZoneOffset.UTC));
  private HttpServer server;
  private BundleFetcher fetcher;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    fetcher = fetcher(Duration.ofSeconds(10));
  }

  private BundleFetcher fetcher(Duration timeout) {
    return new BundleFetcher(
        new ReleasedBundles(
            AllowList.of(AllowList.BUNDLES, folder.toUri() + "," + web("/")), timeout));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String web(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void answer(String path, int status, byte[] body) {
    server.createContext(
        path,
        exchange -> {
          exchange.getResponseHeaders().add("Location", web("/other"));
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
  }

  private ModelRelease release(BundleReference reference) {
    return records.of(BUNDLE, reference, ReleaseState.CANDIDATE, "a test", Map.of());
  }

  private void isRefused(BundleReference reference, String... parts) {
    assertThatThrownBy(() -> fetcher.fetch(release(reference)))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll("garden:1", reference.getUri())
        .hasMessageContainingAll(parts);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(f -> f.getFileName().toString()).toList();
    }
  }

  @Test
  void aStoredBundleIsFetchedAsItWas() throws Exception {
    BundleReference reference = new BundleStore(folder).store(BUNDLE);
    byte[] bytes = BUNDLE.bytes();
    String sha256 = Sha256.hex(bytes);
    String name = "garden-1-" + sha256.substring(0, 12) + ".bundle";
    assertThat(reference)
        .isEqualTo(
            new BundleReference(
                folder.toUri().toString() + name, sha256, Long.valueOf(bytes.length)));
    assertThat(files()).containsExactly(name);
    assertThat(fetcher.fetch(release(reference))).isEqualTo(BUNDLE);
  }

  @Test
  void theRecordSaysWhatTheCardSaysButForDrift() throws Exception {
    ModelRelease release = release(new BundleStore(folder).store(BUNDLE));
    assertThat(release.getName()).isEqualTo("garden");
    assertThat(release.getVersion()).isEqualTo("1");
    assertThat(release.getSpace()).isEqualTo(BUNDLE.card().space());
    assertThat(release.getState()).isEqualTo(ReleaseState.CANDIDATE);
    assertThat(release.getReason()).isEqualTo("a test");
    assertThat(release.getCreatedAt()).isEqualTo(NOW);
    assertThat(release.getMetrics()).containsExactlyEntriesOf(Map.of("accuracy", 0.75));
  }

  @Test
  void aNameThatIsAPathStaysInTheFolder() throws Exception {
    Path inner = folder.resolve("inner");
    Bundle hostile = TestBundles.untrained("../../a b", "v/1", Map.of());
    BundleReference reference = new BundleStore(inner).store(hostile);
    assertThat(files()).containsExactly("inner");
    assertThat(reference.getUri()).startsWith(inner.toUri().toString()).contains("/.._.._a_b-v_1-");
    assertThat(Path.of(URI.create(reference.getUri()))).exists();
  }

  @Test
  void anotherFileThanTheReleasedOneIsRefusedBeforeItIsParsed() throws Exception {
    BundleReference good = new BundleStore(folder).store(BUNDLE);
    Path file = Path.of(URI.create(good.getUri()));
    byte[] bytes = Files.readAllBytes(file);
    isRefused(
        new BundleReference(good.getUri(), "ab".repeat(32), good.getSize()),
        "its sha256 is " + good.getSha256());
    isRefused(
        new BundleReference(good.getUri(), good.getSha256(), good.getSize() - 1),
        "has %d bytes".formatted(bytes.length),
        "says " + (bytes.length - 1));
    Files.write(file, Arrays.copyOf(bytes, 100));
    isRefused(good, "has 100 bytes", "says " + bytes.length);
    Files.delete(file);
    isRefused(good, "no such file");
  }

  @Test
  void aReleaseOfAnotherEmbeddingSpaceIsRefused() throws Exception {
    ModelRelease release = release(new BundleStore(folder).store(BUNDLE));
    release.setSpace("another");
    assertThatThrownBy(() -> fetcher.fetch(release))
        .isInstanceOf(BundleException.class)
        .hasMessageContainingAll("space", "another");
  }

  @Test
  void aSizeBeyondTheCapIsNotEvenAskedFor() {
    AtomicBoolean asked = new AtomicBoolean();
    server.createContext(
        "/",
        exchange -> {
          asked.set(true);
          exchange.close();
        });
    isRefused(
        new BundleReference(web("/b"), "ab".repeat(32), (256L << 20) + 1),
        "more than 268435456 bytes");
    isRefused(new BundleReference(web("/b"), "ab".repeat(32), 0L), "size is not one: 0");
    assertThat(asked).isFalse();
  }

  @Test
  void aBundleIsFetchedOverHttpUnderTheBaseUri() throws Exception {
    BundleReference reference = new BundleStore(folder, URI.create(web("/models"))).store(BUNDLE);
    assertThat(reference.getUri()).startsWith(web("/models/garden-1-"));
    answer("/models/", 200, BUNDLE.bytes());
    assertThat(fetcher.fetch(release(reference))).isEqualTo(BUNDLE);
  }

  @Test
  void aLongerShorterOrOtherAnswerIsRefused() throws Exception {
    byte[] bytes = BUNDLE.bytes();
    BundleReference at =
        new BundleReference(web("/long"), Sha256.hex(bytes), Long.valueOf(bytes.length));
    answer("/long", 200, Arrays.copyOf(bytes, bytes.length + 1000));
    answer("/short", 200, Arrays.copyOf(bytes, 10));
    answer("/moved", 302, bytes);
    answer("/other", 200, bytes);
    isRefused(at, "has %d bytes".formatted(bytes.length + 1000));
    at.setUri(web("/short"));
    isRefused(at, "has 10 bytes");
    at.setUri(web("/moved"));
    isRefused(at, "answered 302", "redirects are not followed");
  }

  @Test
  void anAnswerThatNeverEndsIsGivenUp() {
    CountDownLatch over = new CountDownLatch(1);
    server.createContext(
        "/slow",
        exchange -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write(1);
          exchange.getResponseBody().flush();
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    BundleFetcher impatient = fetcher(Duration.ofMillis(300));
    ModelRelease release = release(new BundleReference(web("/slow"), "ab".repeat(32), 1000L));
    assertThatThrownBy(() -> impatient.fetch(release))
        .isInstanceOf(BundleException.class)
        .hasMessageContaining("no whole answer within 300 ms");
    over.countDown();
  }

  @Test
  void placesThatNobodyFetchesFromAreRefused() {
    assertThatThrownBy(() -> new BundleStore(folder, URI.create("ftp://host/models")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ftp://host/models");
    assertThatThrownBy(() -> new BundleStore(folder, URI.create("https://host/models?key=1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("query");
    isRefused(new BundleReference("ftp://host/b", "ab".repeat(32), 5L), "neither file, http");
    isRefused(new BundleReference("no uri", "ab".repeat(32), 5L), "is not fetched");
  }

  @Test
  void onlyTheStoreAndWhatElseIsAllowedIsFetchedFrom() throws Exception {
    Path mine = folder.resolve("mine, and so on");
    BundleStore store = new BundleStore(mine, URI.create(web("/models")));
    BundleReference other = new BundleStore(folder.resolve("other")).store(BUNDLE);
    AtomicInteger asked = new AtomicInteger();
    server.createContext("/private/", exchange -> asked.incrementAndGet());
    answer("/models/", 200, BUNDLE.bytes());
    fetcher = store.fetcher(AllowList.of(AllowList.BUNDLES, ""), Duration.ofSeconds(10));

    assertThat(fetcher.fetch(release(store.store(BUNDLE)))).isEqualTo(BUNDLE);
    assertThat(fetcher.fetch(release(new BundleStore(mine).store(BUNDLE)))).isEqualTo(BUNDLE);
    isRefused(other, "cnn2gnn.release.allow");
    isRefused(
        new BundleReference(web("/private/b"), other.getSha256(), other.getSize()),
        "cnn2gnn.release.allow");
    assertThat(asked).hasValue(0);

    String prefix = folder.resolve("other").toUri().toString();
    assertThat(
            store
                .fetcher(AllowList.of(AllowList.BUNDLES, prefix), Duration.ofSeconds(10))
                .fetch(release(other)))
        .isEqualTo(BUNDLE);
  }

  /** On the machine of the services, that is. */
  @Test
  void aStoreThatIsAFolderElsewhereIsFetchedFromWhereItIsHere() throws Exception {
    Path mine = folder.resolve("mine");
    BundleStore store = new BundleStore(mine, folder.resolve("not-here").toUri());
    fetcher = store.fetcher(AllowList.of(AllowList.BUNDLES, ""), Duration.ofSeconds(10));
    isRefused(store.store(BUNDLE), "cnn2gnn.release.allow");
    assertThat(fetcher.fetch(release(new BundleStore(mine).store(BUNDLE)))).isEqualTo(BUNDLE);
  }

  /** A reader that looks all the time sees whole files only. */
  @Test
  void aHalfWrittenBundleIsNeverSeen() throws Exception {
    BundleStore store = new BundleStore(folder);
    AtomicBoolean stop = new AtomicBoolean();
    int[] seen = {0, 0};
    Thread reader =
        new Thread(
            () -> {
              while (!stop.get() || seen[0] == 0) {
                try (Stream<Path> list = Files.list(folder)) {
                  for (Path file : list.filter(f -> f.toString().endsWith(".bundle")).toList()) {
                    seen[0]++;
                    String hash = Sha256.hex(Files.readAllBytes(file)).substring(0, 12);
                    seen[1] += file.toString().endsWith("-" + hash + ".bundle") ? 0 : 1;
                  }
                } catch (IOException e) {
                  seen[1]++;
                }
              }
            });
    reader.start();
    for (int i = 0; i < 40; i++) {
      store.store(BUNDLE);
    }
    stop.set(true);
    reader.join();
    assertThat(seen[0]).isPositive();
    assertThat(seen[1]).isZero();
  }
}
