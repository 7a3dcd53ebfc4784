package io.cnn2gnn.localstack;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * Runs one node of a {@link LocalCluster} until this JVM ends, and says on stdout when it has
 * joined the others.
 */
final class ClusterNodeMain {
  /** All that come together by the same addresses are one cluster. */
  private static final String CLUSTER_ID = "Y25uMmdubi1jbHVzdGVyIQ";

  private ClusterNodeMain() {}

  /** Takes the data directory and any number of {@code property=value}. */
  public static void main(String[] args) throws Exception {
    Path dataDir = Path.of(args[0]);
    Properties properties = EmbeddedBroker.common();
    properties.put("log.dirs", dataDir.toString());
    Arrays.stream(args)
        .skip(1)
        .map(arg -> arg.split("=", 2))
        .forEach(pair -> properties.put(pair[0], pair[1]));
    KafkaConfig config = KafkaConfig.fromProps(properties, false);
    EmbeddedBroker.format(dataDir, config.nodeId(), CLUSTER_ID, Optional.empty());
    KafkaRaftServer server = new KafkaRaftServer(config, Time.SYSTEM);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server), "node-close"));
    server.startup();
    System.out.println(LocalCluster.NODE_READY + config.nodeId());
  }

  private static void stop(KafkaRaftServer server) {
    server.shutdown();
    server.awaitShutdown();
  }
}
