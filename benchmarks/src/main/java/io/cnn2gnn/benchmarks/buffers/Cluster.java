package io.cnn2gnn.benchmarks.buffers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/** What the benchmark asks of the broker beside records. */
final class Cluster implements AutoCloseable {
  private final Admin admin;

  Cluster(String broker) {
    admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker));
  }

  void create(Run run) throws ExecutionException, InterruptedException {
    // Hundreds of megabytes per run; the default keeps deleted files for a minute.
    Map<String, String> config = Map.of(TopicConfig.FILE_DELETE_DELAY_MS_CONFIG, "1000");
    admin
        .createTopics(
            List.of(
                new NewTopic(run.images(), Run.PARTITIONS, (short) 1).configs(config),
                new NewTopic(run.answers(), Run.PARTITIONS, (short) 1).configs(config)))
        .all()
        .get();
  }

  void delete(Run run) throws ExecutionException, InterruptedException {
    Collection<String> there = admin.listTopics().names().get();
    admin
        .deleteTopics(
            List.of(run.images(), run.answers(), run.changelog()).stream()
                .filter(there::contains)
                .toList())
        .all()
        .get();
  }

  /**
   * The size of the topic's log on disk, as the broker tells it: records, batch headers and
   * transaction markers. 0 if there is no such topic.
   */
  long bytes(String topic) throws ExecutionException, InterruptedException {
    List<Integer> brokers = admin.describeCluster().nodes().get().stream().map(Node::id).toList();
    return admin.describeLogDirs(brokers).allDescriptions().get().values().stream()
        .flatMap(folders -> folders.values().stream())
        .flatMap(folder -> folder.replicaInfos().entrySet().stream())
        .filter(replica -> replica.getKey().topic().equals(topic))
        .mapToLong(replica -> replica.getValue().size())
        .sum();
  }

  /** Whether all input is committed and no transaction hides answers. */
  boolean isSettled(Run run) throws ExecutionException, InterruptedException {
    return positions(run).stream().allMatch(Position::isSettled);
  }

  /** How far each partition of a run has come. */
  List<Position> positions(Run run) throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin.listConsumerGroupOffsets(run.name()).partitionsToOffsetAndMetadata().get();
    List<Position> positions = new ArrayList<>();
    for (int p = 0; p < Run.PARTITIONS; p++) {
      TopicPartition images = new TopicPartition(run.images(), p);
      TopicPartition answers = new TopicPartition(run.answers(), p);
      positions.add(
          new Position(
              end(images, IsolationLevel.READ_UNCOMMITTED),
              committed.containsKey(images) ? committed.get(images).offset() : 0,
              end(answers, IsolationLevel.READ_UNCOMMITTED),
              end(answers, IsolationLevel.READ_COMMITTED)));
    }
    return positions;
  }

  /**
   * How far one partition has come.
   *
   * @param sent end of its images
   * @param committed what the group has committed of them
   * @param answered end of its answers
   * @param visible end of those that no open transaction hides
   */
  record Position(long sent, long committed, long answered, long visible) {
    private boolean isSettled() {
      return committed == sent && visible == answered;
    }
  }

  private long end(TopicPartition partition, IsolationLevel isolation)
      throws ExecutionException, InterruptedException {
    return admin
        .listOffsets(Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions(isolation))
        .partitionResult(partition)
        .get()
        .offset();
  }

  @Override
  public void close() {
    admin.close();
  }
}
