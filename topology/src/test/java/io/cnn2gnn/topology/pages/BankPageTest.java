package io.cnn2gnn.topology.pages;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import io.cnn2gnn.topology.Nodes;
import io.cnn2gnn.topology.TestStores;
import io.cnn2gnn.topology.bank.TestRows;
import io.cnn2gnn.topology.pages.JsonPage.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BankPageTest {
  private static final int CAPACITY = 8;

  @TempDir private Path folder;
  private KeyValueStore<Integer, byte[]> here;
  private KeyValueStore<Integer, byte[]> there;

  @BeforeEach
  void open() {
    here = TestStores.open(TestStores.context(0, folder), Nodes.BANK_STORE, Serdes.Integer());
    there = TestStores.open(TestStores.context(1, folder), Nodes.BANK_STORE, Serdes.Integer());
    TestRows.put(here, CAPACITY, 9, "mine");
    TestRows.put(there, CAPACITY, 4, "theirs, & more?");
  }

  private static BankPage page(
      Map<Integer, ReadOnlyKeyValueStore<Integer, byte[]>> rings, Set<HostInfo> others) {
    return new BankPage(
        new BankSearch(
            new LocalBanks(() -> rings, CAPACITY),
            new HttpPeers(() -> others),
            Optional.of("me:1"),
            2));
  }

  private static Map<String, String> image(String id) {
    return Map.of("image", id);
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private static HostInfo at(int port) {
    return new HostInfo(InetAddress.getLoopbackAddress().getHostAddress(), port);
  }

  private static JsonObject row(Reply reply) {
    assertThat(reply.body().getAsJsonArray("rows")).hasSize(1);
    return reply.body().getAsJsonArray("rows").get(0).getAsJsonObject();
  }

  @Test
  void tellsWhatIsKnownOfAnImageAndWhereItLies() {
    Reply reply = page(Map.of(0, here, 1, there), Set.of()).get(image("mine"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .isEqualTo(
            JsonParser.parseString(
                """
                {"image": "mine",
                 "rows": [{"partition": 0, "slot": 1, "label": "ant", "known": true,
                           "space": "space", "sequence": 9, "newer": 0, "instance": "me:1"}],
                 "searched": [0, 1], "unsearched": [], "silent": {}}
                """));
  }

  @Test
  void anImageThatNobodyHoldsIs404() {
    Reply reply = page(Map.of(0, here, 1, there), Set.of()).get(image("nobody's"));
    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.body().get("message").getAsString()).contains("no bank holds nobody's");
  }

  @Test
  void withoutAnImageThereIsNothingToLookFor() {
    BankPage page = page(Map.of(0, here), Set.of());
    assertThat(page.get(Map.of()).status()).isEqualTo(400);
    assertThat(page.get(image("x".repeat(70_000))).status()).isEqualTo(400);
    assertThat(page.get(image("")).body().get("message").getAsString()).contains("which image?");
  }

  @Test
  void asksAnotherInstanceForWhatItHoldsItself() throws Exception {
    // The other one believes that this one has the rest, as it would: a loop would end in silence.
    HttpServer server = HttpServer.create(loopback(), 0);
    BankPage other = page(Map.of(1, there), Set.of(at(server.getAddress().getPort())));
    List<URI> asked = Collections.synchronizedList(new ArrayList<>());
    server.createContext(
        BankPage.PATH,
        exchange -> {
          asked.add(exchange.getRequestURI());
          Reply reply = other.get(Map.of("image", "theirs, & more?", "local", "true"));
          byte[] bytes = reply.body().toString().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(reply.status(), bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      HostInfo address = at(server.getAddress().getPort());
      BankPage page = page(Map.of(0, here), Set.of(address));
      Reply reply = page.get(image("theirs, & more?"));
      assertThat(reply.status()).isEqualTo(200);
      assertThat(row(reply).get("partition").getAsInt()).isEqualTo(1);
      assertThat(row(reply).get("instance").getAsString()).isEqualTo(HttpPeers.address(address));
      assertThat(reply.body().getAsJsonArray("unsearched")).isEmpty();
      assertThat(asked)
          .extracting(URI::getQuery)
          .containsExactly("local=true&image=theirs,+&+more?");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void anInstanceThatDoesNotAnswerIsNamedAndNothingIsSaidToBeNowhere() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      HostInfo address = at(silent.getLocalPort());
      BankPage page = page(Map.of(0, here), Set.of(address));
      Reply found = page.get(image("mine"));
      assertThat(found.status()).isEqualTo(200);
      assertThat(
              found.body().getAsJsonObject("silent").get(HttpPeers.address(address)).getAsString())
          .isEqualTo("no answer within 2 s");
      Reply missing = page.get(image("theirs"));
      assertThat(missing.status()).isEqualTo(503);
      assertThat(missing.body().getAsJsonArray("unsearched"))
          .hasSize(1)
          .allMatch(partition -> partition.getAsInt() == 1);
    }
  }

  @Test
  void aStrangerAtAnInstancesAddressIsNamed() throws Exception {
    HttpServer stranger = HttpServer.create(loopback(), 0);
    stranger.createContext(
        "/",
        exchange -> {
          byte[] hello = "hello".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, hello.length);
          exchange.getResponseBody().write(hello);
          exchange.close();
        });
    stranger.start();
    try {
      HostInfo address = at(stranger.getAddress().getPort());
      Reply reply = page(Map.of(0, here), Set.of(address)).get(image("theirs"));
      assertThat(reply.status()).isEqualTo(503);
      assertThat(
              reply.body().getAsJsonObject("silent").get(HttpPeers.address(address)).getAsString())
          .contains("something else");
    } finally {
      stranger.stop(0);
    }
  }

  @Test
  void aPartitionThatLeavesWhileItIsReadCountsAsNotSearched() {
    ReadOnlyKeyValueStore<Integer, byte[]> leaving = new Leaving(there);
    Reply reply = page(Map.of(0, here, 1, leaving), Set.of()).get(image("theirs, & more?"));
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.body().getAsJsonArray("rows")).isEmpty();
    assertThat(reply.body().getAsJsonArray("unsearched")).hasSize(1);
  }

  @Test
  void searchesThatWaitLeaveThreadsForTheRest() throws Exception {
    CountDownLatch begun = new CountDownLatch(BankPage.SEARCHES);
    CountDownLatch goOn = new CountDownLatch(1);
    LocalBanks slow =
        new LocalBanks(
            () -> {
              begun.countDown();
              try {
                goOn.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return Map.of(0, here, 1, there);
            },
            CAPACITY);
    BankPage page = new BankPage(new BankSearch(slow, new HttpPeers(Set::of), Optional.empty(), 2));
    ExecutorService threads = Executors.newFixedThreadPool(BankPage.SEARCHES);
    try {
      List<Future<Reply>> waiting = new ArrayList<>();
      for (int i = 0; i < BankPage.SEARCHES; i++) {
        waiting.add(threads.submit(() -> page.get(image("mine"))));
      }
      begun.await();
      assertThat(page.get(image("mine")).status()).isEqualTo(503);
      goOn.countDown();
      for (Future<Reply> reply : waiting) {
        assertThat(reply.get().status()).isEqualTo(200);
      }
      assertThat(page.get(image("mine")).status()).isEqualTo(200);
    } finally {
      goOn.countDown();
      threads.shutdown();
    }
  }

  /** Gives its first slots and is then gone. */
  private record Leaving(KeyValueStore<Integer, byte[]> store)
      implements ReadOnlyKeyValueStore<Integer, byte[]> {
    @Override
    public byte[] get(Integer slot) {
      if (slot > 5) {
        throw new InvalidStateStoreException("moved");
      }
      return store.get(slot);
    }

    @Override
    public KeyValueIterator<Integer, byte[]> range(Integer from, Integer to) {
      return store.range(from, to);
    }

    @Override
    public KeyValueIterator<Integer, byte[]> all() {
      return store.all();
    }

    @Override
    public long approximateNumEntries() {
      return store.approximateNumEntries();
    }
  }
}
