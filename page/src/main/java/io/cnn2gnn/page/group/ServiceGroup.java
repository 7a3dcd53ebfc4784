package io.cnn2gnn.page.group;

import io.cnn2gnn.schemas.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * The consumer group of a service: its members, what each of them reads, and how far it is behind.
 * Any thread may use it; one at a time asks.
 */
public final class ServiceGroup implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 5;

  /** What Kafka Streams adds to an instance's own id, for each of its threads. */
  private static final Pattern THREAD = Pattern.compile("-StreamThread-\\d+-consumer$");

  private static final Pattern STATIC_THREAD = Pattern.compile("-\\d+$");

  private final Supplier<Admin> admins;
  private final String group;
  private final String topic;
  private Optional<Admin> admin = Optional.empty();

  /**
   * Connects when somebody asks.
   *
   * @param group the application id of the service
   * @param topic its images
   */
  public ServiceGroup(Supplier<Admin> admins, String group, String topic) {
    this.admins = admins;
    this.group = group;
    this.topic = topic;
  }

  /**
   * How the group is now.
   *
   * @param state of it, in Kafka's word
   */
  public record View(String state, List<Instance> instances, List<Part> parts) {}

  /**
   * An instance.
   *
   * @param parts partitions of the images that it answers
   */
  public record Instance(String id, String host, int threads, List<Integer> parts) {}

  /**
   * A partition of the images.
   *
   * @param instance which answers it, if one does
   * @param waiting images that it has not taken yet
   */
  public record Part(int partition, Optional<String> instance, long waiting) {}

  /**
   * Asks the broker.
   *
   * @throws KafkaException if it refuses or does not answer
   */
  public synchronized View view() throws InterruptedException {
    try {
      Admin asked = admin.orElseGet(admins);
      admin = Optional.of(asked);
      ConsumerGroupDescription described =
          answer(asked.describeConsumerGroups(List.of(group)).describedGroups().get(group));
      Map<TopicPartition, OffsetAndMetadata> read =
          answer(asked.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group));
      return view(described.groupState().toString(), described.members(), read, ends(asked));
    } catch (KafkaException e) {
      close();
      throw e;
    }
  }

  private Map<Integer, Long> ends(Admin asked) throws InterruptedException {
    Map<TopicPartition, OffsetSpec> latest =
        answer(asked.describeTopics(List.of(topic)).allTopicNames())
            .get(topic)
            .partitions()
            .stream()
            .map(one -> new TopicPartition(topic, one.partition()))
            .collect(Collectors.toMap(Function.identity(), one -> OffsetSpec.latest()));
    Map<TopicPartition, ListOffsetsResultInfo> found =
        answer(
            asked.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all());
    Map<Integer, Long> ends = new TreeMap<>();
    found.forEach((at, end) -> ends.put(at.partition(), end.offset()));
    return ends;
  }

  View view(
      String state,
      Collection<MemberDescription> members,
      Map<TopicPartition, OffsetAndMetadata> read,
      Map<Integer, Long> ends) {
    Map<String, List<MemberDescription>> byId =
        members.stream()
            .collect(Collectors.groupingBy(ServiceGroup::id, TreeMap::new, Collectors.toList()));
    List<Instance> instances = new ArrayList<>();
    Map<Integer, String> owners = new TreeMap<>();
    byId.forEach(
        (id, threads) -> {
          List<Integer> parts =
              threads.stream()
                  .flatMap(member -> member.assignment().topicPartitions().stream())
                  .filter(at -> at.topic().equals(topic))
                  .map(TopicPartition::partition)
                  .sorted()
                  .toList();
          parts.forEach(part -> owners.put(part, id));
          String host = threads.get(0).host().replaceFirst("^/", "");
          instances.add(new Instance(id, Printable.of(host), threads.size(), parts));
        });
    List<Part> parts = new ArrayList<>();
    ends.forEach(
        (partition, end) -> {
          OffsetAndMetadata at = read.get(new TopicPartition(topic, partition));
          parts.add(
              new Part(
                  partition,
                  Optional.ofNullable(owners.get(partition)),
                  Math.max(0, end - (at == null ? 0 : at.offset()))));
        });
    return new View(state, instances, parts);
  }

  private static String id(MemberDescription member) {
    String id =
        member
            .groupInstanceId()
            .map(name -> STATIC_THREAD.matcher(name).replaceFirst(""))
            .orElseGet(() -> THREAD.matcher(member.clientId()).replaceFirst(""));
    return Printable.of(id);
  }

  private static <T> T answer(KafkaFuture<T> asked) throws InterruptedException {
    try {
      return asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof KafkaException known
          ? known
          : new KafkaException(e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new KafkaException("the broker has not answered for " + PATIENCE_SECONDS + " s", e);
    }
  }

  @Override
  public synchronized void close() {
    admin.ifPresent(Admin::close);
    admin = Optional.empty();
  }
}
