package io.cnn2gnn.localstack;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.FaultHandlerFactory;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A single-node KRaft broker in this JVM, on loopback. Tests use it directly; commands use it in a
 * child JVM through {@link LocalStack}. Whoever starts it closes it; records outlive it in the data
 * directory. Topics are not created on first use: the caller creates them.
 *
 * <p>It needs kafka_2.13 on the class path, which this module does not pass on.
 *
 * <p>The two servers are put together as Kafka's {@code KafkaRaftServer} does it, for the one thing
 * that class does not offer: sockets that are bound before the start. Kafka needs its controller's
 * port in the configuration, and a port that is chosen, released and bound again can be lost to
 * another process in between.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final int NODE_ID = 1;

  /** Clients come here; with security the broker itself alone. */
  private static final String PLAIN = "PLAINTEXT";

  static final String CONTROLLER = "CONTROLLER";

  private final ControllerServer controller;
  private final BrokerServer broker;
  private final DirectoryLock lock;
  private final String bootstrapServers;

  private EmbeddedBroker(
      ControllerServer controller,
      BrokerServer broker,
      DirectoryLock lock,
      String bootstrapServers) {
    this.controller = controller;
    this.broker = broker;
    this.lock = lock;
    this.bootstrapServers = bootstrapServers;
  }

  /**
   * Starts a broker and returns when it accepts clients.
   *
   * @param dataDir formatted if it is new; a broker that ran there before continues
   * @param port 0 for a free one
   * @param overrides broker properties that replace the defaults
   * @throws PortInUseException if {@code port} is taken
   * @throws LocalStackException if the broker does not start, such as when another one runs in
   *     {@code dataDir}
   */
  public static EmbeddedBroker start(Path dataDir, int port, Map<String, String> overrides) {
    // Kafka's own factory ends the JVM on a fatal fault, and this JVM is the caller's.
    return start(
        dataDir,
        port,
        overrides,
        Optional.empty(),
        (name, fatal, action) -> new LoggingFaultHandler(name, action));
  }

  static EmbeddedBroker start(
      Path dataDir,
      int port,
      Map<String, String> overrides,
      Optional<BrokerSecurity> security,
      FaultHandlerFactory faults) {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      ServerSocketChannel clients = Loopback.listen(port, Loopback.BROKER_OPTION);
      opened.push(clients);
      ServerSocketChannel quorum = Loopback.listen(0, Loopback.BROKER_OPTION);
      opened.push(quorum);
      Map<String, ServerSocketChannel> listeners = new LinkedHashMap<>();
      listeners.put(security.isPresent() ? BrokerSecurity.CLIENTS : PLAIN, clients);
      listeners.put(CONTROLLER, quorum);
      if (security.isPresent()) {
        ServerSocketChannel itself = Loopback.listen(0, Loopback.BROKER_OPTION);
        opened.push(itself);
        listeners.put(PLAIN, itself);
      }
      // Kafka's own lock comes after its controller has written to the directory.
      DirectoryLock lock = DirectoryLock.acquire(Files.createDirectories(dataDir));
      opened.push(lock);
      return start(dataDir, listeners, clients, lock, overrides, security, faults);
    } catch (Exception e) {
      LocalStackException failure =
          e instanceof LocalStackException known
              ? known
              : new LocalStackException("the broker did not start in " + dataDir, e);
      for (AutoCloseable resource : opened) {
        try {
          resource.close();
        } catch (Exception suppressed) {
          failure.addSuppressed(suppressed);
        }
      }
      throw failure;
    }
  }

  private static EmbeddedBroker start(
      Path dataDir,
      Map<String, ServerSocketChannel> listeners,
      ServerSocketChannel clients,
      DirectoryLock lock,
      Map<String, String> overrides,
      Optional<BrokerSecurity> security,
      FaultHandlerFactory faults)
      throws Exception {
    ServerSocketChannel quorum = listeners.get(CONTROLLER);
    Properties properties = properties(dataDir, listeners);
    security.ifPresent(settings -> properties.putAll(settings.broker()));
    properties.putAll(overrides);
    KafkaConfig config = KafkaConfig.fromProps(properties, false);
    format(dataDir, NODE_ID, Uuid.randomUuid().toString(), security);

    Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> formatted =
        KafkaRaftServer.initializeLogDirs(config, log, "");
    SharedServer shared =
        new SharedServer(
            config,
            formatted._1(),
            Time.SYSTEM,
            new Metrics(),
            CompletableFuture.completedFuture(
                Map.of(NODE_ID, (InetSocketAddress) quorum.getLocalAddress())),
            List.of(),
            faults,
            bound(listeners));
    EmbeddedBroker started =
        new EmbeddedBroker(
            new ControllerServer(shared, KafkaRaftServer.configSchema(), formatted._2()),
            new BrokerServer(shared),
            lock,
            address(clients));
    try {
      started.controller.startup();
      started.broker.startup();
      return started;
    } catch (Exception e) {
      started.stop();
      throw e;
    }
  }

  private static Properties properties(Path dataDir, Map<String, ServerSocketChannel> listeners)
      throws IOException {
    List<String> addresses = new ArrayList<>();
    for (Map.Entry<String, ServerSocketChannel> listener : listeners.entrySet()) {
      addresses.add(listener.getKey() + "://" + address(listener.getValue()));
    }
    Properties properties = new Properties();
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(NODE_ID));
    properties.put("controller.quorum.voters", NODE_ID + "@" + address(listeners.get(CONTROLLER)));
    properties.put("controller.listener.names", CONTROLLER);
    properties.put("listeners", String.join(",", addresses));
    properties.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT," + BrokerSecurity.CLIENTS + ":SASL_SSL");
    properties.put("inter.broker.listener.name", PLAIN);
    properties.put("log.dirs", dataDir.toString());

    properties.put("offsets.topic.replication.factor", "1");
    properties.put("offsets.topic.num.partitions", "1");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("transaction.state.log.num.partitions", "1");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    properties.put("share.coordinator.state.topic.num.partitions", "1");

    // After kill -9 a restart waits until the old registration has run out.
    properties.put("broker.session.timeout.ms", "3000");
    properties.put("broker.heartbeat.interval.ms", "500");
    properties.putAll(common());
    return properties;
  }

  /** What a single broker and those of a {@link LocalCluster} have in common. */
  static Properties common() {
    Properties properties = new Properties();
    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "4");
    properties.put("auto.create.topics.enable", "false");
    properties.put("group.initial.rebalance.delay.ms", "0");
    // Images travel inside records; topics set their own, lower limit.
    properties.put("message.max.bytes", Integer.toString(8 << 20));
    // The default allocates 128 MB of heap for compaction.
    properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(2 << 20));
    // Readers and successors of a killed instance wait for its transaction to be given up; the
    // default looks for such only every ten seconds.
    properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
    return properties;
  }

  /** Makes a new data directory a node's; one that is a node's already stays as it is. */
  static void format(Path dataDir, int nodeId, String clusterId, Optional<BrokerSecurity> security)
      throws Exception {
    if (Files.exists(dataDir.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
      return;
    }
    new Formatter()
        .setPrintStream(
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
        .setNodeId(nodeId)
        .setClusterId(clusterId)
        .setDirectories(List.of(dataDir.toString()))
        .setMetadataLogDirectory(dataDir.toString())
        .setControllerListenerName(CONTROLLER)
        .setReleaseVersion(MetadataVersion.latestProduction())
        .setScramArguments(security.map(BrokerSecurity::scramArgument).stream().toList())
        .run();
  }

  private static ServerSocketFactory bound(Map<String, ServerSocketChannel> channels) {
    return (listener, address, backlog, receiveBuffer) -> {
      ServerSocketChannel channel = channels.get(listener);
      channel.configureBlocking(false);
      return channel;
    };
  }

  private static String address(ServerSocketChannel channel) throws IOException {
    return Loopback.ADDRESS + ":" + ((InetSocketAddress) channel.getLocalAddress()).getPort();
  }

  /** What a client gives as {@code bootstrap.servers}. */
  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Stops the broker in an orderly way; the data directory stays. A second call does nothing. */
  @Override
  public void close() {
    stop();
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException("the broker has stopped, but its directory stays locked", e);
    }
  }

  private void stop() {
    // The controller answers the broker's controlled shutdown, so it goes last.
    broker.shutdown();
    controller.shutdown();
    broker.awaitShutdown();
    controller.awaitShutdown();
  }
}
