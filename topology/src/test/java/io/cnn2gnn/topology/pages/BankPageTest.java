package io.cnn2gnn.topology.pages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import io.cnn2gnn.topology.TestStores;
import io.cnn2gnn.topology.bank.TestRows;
import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.pages.JsonPage.Reply;
import io.cnn2gnn.topology.teaching.LabelledTier;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
            () -> 2),
        id ->
            id.equals("labelled")
                ? List.of(new LabelledTier.Found("cat", "ann", "space", 1, 7))
                : List.of());
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
  void anImageThatNoBankHoldsIsFoundIfSomebodyHasLabelledIt() {
    Reply reply = page(Map.of(0, here, 1, there), Set.of()).get(image("labelled"));

    assertThat(reply.status()).isEqualTo(200);
    JsonObject label = reply.body().getAsJsonArray("labelled").get(0).getAsJsonObject();
    assertThat(label.get("label").getAsString()).isEqualTo("cat");
    assertThat(label.get("labelledBy").getAsString()).isEqualTo("ann");
  }

  @Test
  void tellsWhatIsKnownOfAnImageAndWhereItLies() {
    Reply reply = page(Map.of(0, here, 1, there), Set.of()).get(image("mine"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .isEqualTo(
            JsonParser.parseString(
                """
                {"image": "mine", "labelled": [],
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
          byte[] bytes = reply.body().toString().getBytes(UTF_8);
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
          byte[] hello = "hello".getBytes(UTF_8);
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

  /** Each sends its head at once and then a byte now and then, as if it were about to end. */
  @Test
  void connectionsToInstancesThatDribbleAreCutWithTheirTime() throws Exception {
    int peers = 3;
    CountDownLatch cut = new CountDownLatch(peers);
    CountDownLatch over = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(peers);
    Set<HostInfo> addresses = new HashSet<>();
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < peers; i++) {
        ServerSocket socket = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        addresses.add(at(socket.getLocalPort()));
        threads.execute(() -> dribble(socket, cut, over));
      }
      Reply reply = page(Map.of(0, here), addresses).get(image("theirs"));
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.body().getAsJsonObject("silent").asMap().values())
          .hasSize(peers)
          .allMatch(reason -> reason.getAsString().equals("no answer within 2 s"));
      assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      over.countDown();
      for (ServerSocket socket : sockets) {
        socket.close();
      }
      threads.shutdownNow();
    }
  }

  private static void dribble(ServerSocket socket, CountDownLatch cut, CountDownLatch over) {
    try (Socket peer = socket.accept()) {
      OutputStream out = peer.getOutputStream();
      out.write("HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n".getBytes(UTF_8));
      while (!over.await(50, TimeUnit.MILLISECONDS)) {
        out.write(' ');
        out.flush();
      }
    } catch (IOException e) {
      cut.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anAnswerWithoutEndIsReadUpToItsLimit() throws Exception {
    HttpServer endless = HttpServer.create(loopback(), 0);
    CountDownLatch cut = new CountDownLatch(1);
    endless.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
              out.write(new byte[1 << 16]);
            }
          } catch (IOException e) {
            cut.countDown();
            throw e;
          }
        });
    endless.start();
    try {
      HostInfo address = at(endless.getAddress().getPort());
      Reply reply = page(Map.of(0, here), Set.of(address)).get(image("theirs"));
      assertThat(
              reply.body().getAsJsonObject("silent").get(HttpPeers.address(address)).getAsString())
          .contains("more than 1048576 bytes");
      assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
    } finally {
      endless.stop(0);
    }
  }

  @Test
  void anAddressThatIsMoreThanHostAndPortIsAskedNothing() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer stranger = HttpServer.create(loopback(), 0);
    stranger.createContext("/", exchange -> asked.incrementAndGet());
    stranger.start();
    try {
      int port = stranger.getAddress().getPort();
      String there = "127.0.0.1:" + port;
      List<String> hosts =
          List.of(
              "user@127.0.0.1", there + "/admin?x=", there + "/#", there + "?", "127.0.0.1/a", "");
      Set<HostInfo> addresses = new HashSet<>();
      hosts.forEach(host -> addresses.add(new HostInfo(host, port)));
      addresses.add(new HostInfo("127.0.0.1", 0));
      addresses.add(new HostInfo("127.0.0.1", 70_000));
      Reply reply = page(Map.of(0, here), addresses).get(image("theirs"));
      assertThat(reply.body().getAsJsonObject("silent").asMap().values())
          .hasSize(addresses.size())
          .allMatch(reason -> reason.getAsString().contains("no plain host and port"));
      assertThat(asked).hasValue(0);
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
    BankPage page =
        new BankPage(
            new BankSearch(slow, new HttpPeers(Set::of), Optional.empty(), () -> 2),
            id -> List.of());
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
