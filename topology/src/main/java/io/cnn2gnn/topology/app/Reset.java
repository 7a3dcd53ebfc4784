package io.cnn2gnn.topology.app;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownMemberIdException;

/**
 * Lets a stopped application take images from another point on: sets its group there, and deletes
 * its state, in which it remembers what it has taken.
 */
public final class Reset {
  private final Footprint footprint;
  private final OffsetSpec to;
  private final boolean dryRun;

  /**
   * Of a stopped application.
   *
   * @param to of each partition, the point to go to; one that lies behind the last record means the
   *     end
   * @param dryRun whether it only says what it would do
   */
  public Reset(Footprint footprint, OffsetSpec to, boolean dryRun) {
    this.footprint = footprint;
    this.to = to;
    this.dryRun = dryRun;
  }

  /**
   * Does it and says what it did. When it is cut off and called again, the outcome is the same.
   *
   * @throws StartupException in one line, if the application runs or the broker refuses
   */
  public List<UpkeepStep> run() throws StartupException {
    return Topics.call(
        footprint.clients(),
        admin -> {
          Stopped.require(admin, footprint);
          // First, for it ends here whoever may not delete them; with new offsets alone, what was
          // taken would be skipped.
          List<String> internal =
              InternalTopics.present(
                  admin,
                  footprint,
                  AccessTable.reset(footprint.images(), footprint.applicationId()));
          List<UpkeepStep> steps = new ArrayList<>(offsets(admin));
          steps.addAll(InternalTopics.delete(admin, internal, dryRun));
          return steps;
        });
  }

  private List<UpkeepStep> offsets(Admin admin)
      throws ExecutionException, InterruptedException, StartupException {
    List<TopicPartition> partitions = partitions(admin);
    Map<TopicPartition, OffsetAndMetadata> before = committed(admin);
    Map<TopicPartition, Long> targets = targets(admin, partitions);
    if (!dryRun) {
      commit(admin, targets);
    }
    List<UpkeepStep> steps = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      OffsetAndMetadata was = before.get(partition);
      steps.add(
          new UpkeepStep(
              "offset of " + partition,
              was == null ? "none" : Long.toString(was.offset()),
              Long.toString(targets.get(partition))));
    }
    return steps;
  }

  private List<TopicPartition> partitions(Admin admin)
      throws ExecutionException, InterruptedException, StartupException {
    String images = footprint.images();
    Set<String> present = admin.listTopics().names().get();
    if (!present.contains(images)) {
      throw new StartupException(
          "the broker has no topic %s: is cnn2gnn.topic.images right?".formatted(images));
    }
    List<TopicPartition> partitions = new ArrayList<>();
    for (int i = 0; i < Topics.partitions(admin, images); i++) {
      partitions.add(new TopicPartition(images, i));
    }
    return partitions;
  }

  private Map<TopicPartition, OffsetAndMetadata> committed(Admin admin)
      throws ExecutionException, InterruptedException {
    try {
      return admin
          .listConsumerGroupOffsets(footprint.applicationId())
          .partitionsToOffsetAndMetadata()
          .get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Map.of(); // it never ran
      }
      throw e;
    }
  }

  private Map<TopicPartition, Long> targets(Admin admin, List<TopicPartition> partitions)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, Long> ends = list(admin, partitions, OffsetSpec.latest());
    Map<TopicPartition, Long> targets = list(admin, partitions, to);
    targets.replaceAll((partition, offset) -> offset < 0 ? ends.get(partition) : offset);
    return targets;
  }

  private static Map<TopicPartition, Long> list(
      Admin admin, List<TopicPartition> partitions, OffsetSpec spec)
      throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(partition -> asked.put(partition, spec));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (Map.Entry<TopicPartition, ListOffsetsResultInfo> entry :
        admin
            .listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
            .all()
            .get()
            .entrySet()) {
      offsets.put(entry.getKey(), entry.getValue().offset());
    }
    return offsets;
  }

  private void commit(Admin admin, Map<TopicPartition, Long> targets)
      throws ExecutionException, InterruptedException, StartupException {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    targets.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
    try {
      admin.alterConsumerGroupOffsets(footprint.applicationId(), offsets).all().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownMemberIdException
          || e.getCause() instanceof GroupNotEmptyException) {
        throw new StartupException(
            footprint.applicationId() + " was started meanwhile: nothing was changed", e);
      }
      throw e;
    }
  }
}
