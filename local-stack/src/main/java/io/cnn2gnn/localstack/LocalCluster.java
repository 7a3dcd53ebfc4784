package io.cnn2gnn.localstack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Three real Kafka nodes on this machine, each a broker and a KRaft controller in a JVM of its own,
 * on loopback alone but for detours. Topics have three replicas, and two of them must have a record
 * before it counts as written. It is for tests of what happens when a part of it is away: nodes are
 * stopped, killed, and started again at their addresses on what they had.
 *
 * <p>Each node has two listeners. Clients that begin with {@link #bootstrapServers()} are sent to
 * the nodes themselves; those that come by a {@link Detour} are sent there again.
 *
 * <p>Whoever starts a cluster closes it; the nodes end with this JVM in any case, even if that is
 * killed. Their files stay.
 */
public final class LocalCluster implements AutoCloseable {
  /** Nodes have the numbers from 0 on. Any two are a majority. */
  public static final int NODES = 3;

  static final String NODE_READY = "local-stack node ready: ";
  private static final Pattern READY_LINE = Pattern.compile(NODE_READY + "\\d+\\R");

  private static final String DIRECT = "DIRECT";
  private static final String DETOUR = "DETOUR";

  private final Path folder;
  private final Duration startTimeout;
  private final Distribution distribution;
  private final List<Node> nodes;
  private final Map<Integer, Child> children = new LinkedHashMap<>();
  private int starts;
  private boolean closed;

  /**
   * Another way to a node, as {@code HOST:PORT}.
   *
   * @param listens where the node listens for those who take it; an address of this machine
   * @param advertised where they are sent to; somebody there forwards to the node, unless it is the
   *     same
   */
  public record Detour(String listens, String advertised) {}

  private record Node(int id, int port, int quorumPort, Detour detour) {
    private String direct() {
      return address(port);
    }
  }

  private LocalCluster(
      Path folder, Duration startTimeout, Distribution distribution, List<Node> nodes) {
    this.folder = folder;
    this.startTimeout = startTimeout;
    this.distribution = distribution;
    this.nodes = nodes;
  }

  /**
   * Starts all nodes and returns when they answer.
   *
   * @param folder for data and logs; made if it is not there
   * @param detours one for each node
   * @param startTimeout how long nodes may take until they answer, now and later
   * @throws LocalStackException if the distribution was not built, or with the end of its log if a
   *     node does not start
   */
  public static LocalCluster start(Path folder, List<Detour> detours, Duration startTimeout)
      throws InterruptedException {
    if (detours.size() != NODES) {
      throw new IllegalArgumentException(NODES + " nodes need a detour each: " + detours);
    }
    try {
      Files.createDirectories(folder.resolve("tmp"));
      List<Integer> ports = FreePort.find(2 * NODES);
      List<Node> nodes = new ArrayList<>();
      for (int id = 0; id < NODES; id++) {
        nodes.add(new Node(id, ports.get(2 * id), ports.get(2 * id + 1), detours.get(id)));
      }
      LocalCluster cluster =
          new LocalCluster(
              folder.toAbsolutePath(), startTimeout, Distribution.locate(), List.copyOf(nodes));
      try {
        cluster.startAgain(nodes.stream().map(Node::id).toList());
        return cluster;
      } catch (InterruptedException | RuntimeException e) {
        cluster.close();
        throw e;
      }
    } catch (IOException e) {
      throw new LocalStackException("the local cluster could not be launched", e);
    }
  }

  /**
   * Starts nodes that were stopped, or have ended, at their addresses and on what is left of their
   * data. Returns when they answer. Fewer than two nodes do not: those that need each other are
   * started by one call.
   *
   * @throws LocalStackException with the end of its log, if a node does not answer in time
   */
  public synchronized void startAgain(List<Integer> ids) throws InterruptedException {
    if (closed) {
      throw new LocalStackException("the local cluster was closed");
    }
    try {
      for (int id : ids) {
        children.put(id, launch(nodes.get(id)));
      }
      long deadline = System.nanoTime() + startTimeout.toNanos();
      for (int id : ids) {
        children.get(id).awaitLine(READY_LINE, deadline);
      }
    } catch (IOException e) {
      throw new LocalStackException("nodes " + ids + " could not be started", e);
    }
  }

  private Child launch(Node node) throws IOException {
    Child.Command command = command(node);
    // It loads what a single broker does, and almost nothing else.
    ClassArchive archive = ClassArchive.of(distribution.archives(), "broker", command.classPath());
    // A log for each start: the end of the one before says how that ended.
    Path log = folder.resolve("node-%d-%d.log".formatted(node.id(), starts++));
    return Child.launch("node " + node.id(), command, archive, log, folder.resolve("tmp"));
  }

  private Child.Command command(Node node) {
    List<String> program = new ArrayList<>();
    program.add(ClusterNodeMain.class.getName());
    program.add(data(node.id()).toString());
    properties(node).forEach((key, value) -> program.add(key + "=" + value));
    return new Child.Command(
        distribution.brokerClassPath(),
        List.of(
            "-Xmx256m",
            // Three of them share the cores with what they are to serve.
            "-XX:TieredStopAtLevel=1",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS"),
        program);
  }

  private Map<String, String> properties(Node node) {
    String controller = EmbeddedBroker.CONTROLLER;
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(node.id()));
    properties.put(
        "controller.quorum.voters",
        nodes.stream()
            .map(voter -> voter.id() + "@" + address(voter.quorumPort()))
            .collect(Collectors.joining(",")));
    properties.put("controller.listener.names", controller);
    properties.put(
        "listeners",
        "%s://%s,%s://%s,%s://%s"
            .formatted(
                DIRECT,
                node.direct(),
                DETOUR,
                node.detour().listens(),
                controller,
                address(node.quorumPort())));
    properties.put(
        "advertised.listeners",
        "%s://%s,%s://%s".formatted(DIRECT, node.direct(), DETOUR, node.detour().advertised()));
    properties.put(
        "listener.security.protocol.map",
        "%s:PLAINTEXT,%s:PLAINTEXT,%s:PLAINTEXT".formatted(DIRECT, DETOUR, controller));
    properties.put("inter.broker.listener.name", DIRECT);

    String all = Integer.toString(NODES);
    String most = Integer.toString(NODES - 1);
    properties.put("default.replication.factor", all);
    properties.put("min.insync.replicas", most);
    for (String internal : List.of("offsets.topic", "transaction.state.log")) {
      properties.put(internal + ".replication.factor", all);
      // One for each node to coordinate; the default is 50.
      properties.put(internal + ".num.partitions", all);
    }
    properties.put("transaction.state.log.min.isr", most);
    properties.put("share.coordinator.state.topic.replication.factor", all);
    properties.put("share.coordinator.state.topic.min.isr", most);
    properties.put("share.coordinator.state.topic.num.partitions", all);
    properties.put("log.segment.bytes", Integer.toString(64 << 20));
    // The others take over from a killed node after this. On a busy machine a node that lives is
    // late now and then.
    properties.put("broker.session.timeout.ms", "6000");
    properties.put("broker.heartbeat.interval.ms", "1000");
    return properties;
  }

  private static String address(int port) {
    return Loopback.ADDRESS + ":" + port;
  }

  /** What a client gives as {@code bootstrap.servers} that takes no detour. */
  public String bootstrapServers() {
    return nodes.stream().map(Node::direct).collect(Collectors.joining(","));
  }

  /** Where a node keeps its records and the cluster's metadata. */
  public Path data(int id) {
    return folder.resolve("node-" + id);
  }

  /** Whether a node's process has not ended. */
  public synchronized boolean isAlive(int id) {
    return children.get(id).isAlive();
  }

  /** Stops a node in an orderly way: it gives its partitions to the others first. */
  public synchronized void stop(int id) {
    Child child = children.get(id);
    child.stop();
    child.awaitEnd();
  }

  /** Ends a node as a power cut would, and returns when it is gone. */
  public synchronized void kill(int id) {
    children.get(id).kill();
  }

  /**
   * Ends all nodes as a power cut would: the last ones would wait for a majority to take over from
   * them. A second call does nothing.
   */
  @Override
  public synchronized void close() {
    closed = true;
    children.values().forEach(Child::kill);
  }
}
