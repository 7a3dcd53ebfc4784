package io.cnn2gnn.page.group;

import io.cnn2gnn.schemas.Printable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * The consumer group of a service: its members, what each of them reads, and how far it is behind.
 * Any thread may use it; one at a time asks.
 */
public final class ServiceGroup implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 5;

  /** What Kafka Streams adds to an instance's own id, for each of its threads. */
  private static final Pattern THREAD = Pattern.compile("-StreamThread-\\d+-consumer$");

  private static final Pattern STATIC_THREAD = Pattern.compile("-\\d+$");

  private static final Members NOBODY = new Members(GroupState.DEAD.toString(), List.of());

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
   * @param notTaken images that its group has not taken yet; those that were taken may be open
   */
  public record Part(int partition, Optional<String> instance, long notTaken) {}

  private record Members(String state, Collection<MemberDescription> all) {}

  /**
   * Asks the broker.
   *
   * @throws KafkaException if it refuses or does not answer
   */
  public synchronized View view() throws InterruptedException {
    try {
      Admin asked = admin.orElseGet(admins);
      admin = Optional.of(asked);
      Optional<Members> members = members(asked);
      Set<TopicPartition> images = partitions(asked);
      Map<Integer, Long> read = new TreeMap<>();
      if (members.isPresent()) {
        committed(asked).forEach((at, to) -> read.put(at.partition(), to));
      }
      Set<TopicPartition> untouched =
          images.stream()
              .filter(at -> !read.containsKey(at.partition()))
              .collect(Collectors.toSet());
      read.putAll(offsets(asked, untouched, OffsetSpec.earliest()));
      Members found = members.orElse(NOBODY);
      return view(found.state(), found.all(), read, offsets(asked, images, OffsetSpec.latest()));
    } catch (TimeoutException e) {
      close();
      throw e;
    }
  }

  /** Empty if there is no such group, of which brokers say so since Kafka 4.0. */
  private Optional<Members> members(Admin asked) throws InterruptedException {
    try {
      ConsumerGroupDescription described =
          answer(asked.describeConsumerGroups(List.of(group)).describedGroups().get(group));
      return Optional.of(new Members(described.groupState().toString(), described.members()));
    } catch (GroupIdNotFoundException e) {
      return Optional.empty();
    }
  }

  private Set<TopicPartition> partitions(Admin asked) throws InterruptedException {
    try {
      return answer(asked.describeTopics(List.of(topic)).allTopicNames())
          .get(topic)
          .partitions()
          .stream()
          .map(one -> new TopicPartition(topic, one.partition()))
          .collect(Collectors.toSet());
    } catch (UnknownTopicOrPartitionException e) {
      throw new KafkaException("the broker has no topic " + topic, e);
    }
  }

  private Map<TopicPartition, Long> committed(Admin asked) throws InterruptedException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    answer(asked.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group))
        .forEach(
            (at, to) -> {
              if (at.topic().equals(topic) && to != null) {
                offsets.put(at, to.offset());
              }
            });
    return offsets;
  }

  private static Map<Integer, Long> offsets(Admin asked, Set<TopicPartition> of, OffsetSpec which)
      throws InterruptedException {
    Map<Integer, Long> offsets = new TreeMap<>();
    if (!of.isEmpty()) {
      answer(
              asked
                  .listOffsets(
                      of.stream().collect(Collectors.toMap(Function.identity(), at -> which)),
                      new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                  .all())
          .forEach((at, found) -> offsets.put(at.partition(), found.offset()));
    }
    return offsets;
  }

  View view(
      String state,
      Collection<MemberDescription> members,
      Map<Integer, Long> read,
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
          long from = read.getOrDefault(partition, end);
          parts.add(
              new Part(
                  partition, Optional.ofNullable(owners.get(partition)), Math.max(0, end - from)));
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
    } catch (java.util.concurrent.TimeoutException e) {
      throw new TimeoutException("the broker has not answered for " + PATIENCE_SECONDS + " s", e);
    }
  }

  @Override
  public synchronized void close() {
    admin.ifPresent(Admin::close);
    admin = Optional.empty();
  }
}
