package io.cnn2gnn.faults;

import io.cnn2gnn.localstack.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;

/**
 * Three brokers in place of the one, and a network to them and the registry for services that are
 * to be on a host of their own. Harness and verifier come to the brokers directly.
 */
final class Cluster implements AutoCloseable {
  static final List<Integer> BROKERS = IntStream.range(0, LocalCluster.NODES).boxed().toList();

  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration IN_SYNC = Duration.ofMinutes(2);
  private static final Duration ELECTION = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 100;

  private final LocalCluster nodes;
  private final Network network;
  private final Admin admin;

  private Cluster(LocalCluster nodes, Network network, Admin admin) {
    this.nodes = nodes;
    this.network = network;
    this.admin = admin;
  }

  /** Starts the brokers. The network is closed with them, or if they do not start. */
  static Cluster start(Path folder, Network network) throws IOException, InterruptedException {
    try {
      return over(LocalCluster.start(folder, network.detours(), START), network);
    } catch (InterruptedException | RuntimeException e) {
      network.close();
      throw e;
    }
  }

  private static Cluster over(LocalCluster nodes, Network network) {
    try {
      Admin admin = Admin.create(Map.of("bootstrap.servers", nodes.bootstrapServers()));
      return new Cluster(nodes, network, admin);
    } catch (RuntimeException e) {
      nodes.close();
      throw e;
    }
  }

  String bootstrapServers() {
    return nodes.bootstrapServers();
  }

  Network network() {
    return network;
  }

  Path data(int broker) {
    return nodes.data(broker);
  }

  boolean isAlive(int broker) {
    return nodes.isAlive(broker);
  }

  void stop(int broker) {
    nodes.stop(broker);
  }

  void kill(int broker) {
    nodes.kill(broker);
  }

  /** Starts brokers again; where two are needed for a majority they have to be named together. */
  void startAgain(Integer... brokers) throws InterruptedException {
    nodes.startAgain(List.of(brokers));
  }

  /** Whatever an earlier row has left. */
  void makeWhole() throws IOException, InterruptedException {
    network.makeWhole();
    nodes.startAgain(BROKERS.stream().filter(broker -> !isAlive(broker)).toList());
    awaitInSync();
  }

  /** Who leads a partition. */
  int leader(String topic, int partition) throws InterruptedException {
    long deadline = System.nanoTime() + ELECTION.toNanos();
    while (true) {
      TopicPartitionInfo info = describe(List.of(topic)).get(topic).partitions().get(partition);
      if (info.leader() != null) {
        return info.leader().id();
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new FaultException("nobody leads partition %d of %s".formatted(partition, topic));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Who coordinates a group. */
  int groupCoordinator(String group) throws InterruptedException {
    return get(admin.describeConsumerGroups(List.of(group)).all()).get(group).coordinator().id();
  }

  /** Who coordinates the transactions of an application's first thread. */
  int transactionCoordinator(String application) throws InterruptedException {
    String id =
        get(admin.listTransactions().all()).stream()
            .map(TransactionListing::transactionalId)
            .filter(listed -> listed.startsWith(application))
            .sorted()
            .findFirst()
            .orElseThrow(() -> new FaultException(application + " has no transactions"));
    return get(admin.describeTransactions(List.of(id)).all()).get(id).coordinatorId();
  }

  /** Waits until every partition has all its replicas, in sync. */
  void awaitInSync() throws InterruptedException {
    long deadline = System.nanoTime() + IN_SYNC.toNanos();
    List<String> missing = missing();
    while (!missing.isEmpty()) {
      if (System.nanoTime() - deadline >= 0) {
        throw new FaultException("without all their replicas: " + missing);
      }
      Thread.sleep(POLL_MILLIS);
      missing = missing();
    }
  }

  private List<String> missing() throws InterruptedException {
    return describe(
            get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names()).stream()
                .toList())
        .values()
        .stream()
        .flatMap(
            topic ->
                topic.partitions().stream()
                    .filter(partition -> partition.isr().size() < LocalCluster.NODES)
                    .map(partition -> topic.name() + "-" + partition.partition()))
        .toList();
  }

  private Map<String, TopicDescription> describe(List<String> topics) throws InterruptedException {
    return get(admin.describeTopics(topics).allTopicNames());
  }

  private static <T> T get(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new FaultException("the brokers do not say how they stand", e);
    }
  }

  @Override
  public void close() throws IOException {
    admin.close(Duration.ZERO);
    nodes.close();
    network.close();
  }
}
