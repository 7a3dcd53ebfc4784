package io.cnn2gnn.topology.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many partitions the images topic has, which may become more while a service runs. A task is
 * as many as there are partitions, and Kafka Streams stops where a changelog has another number:
 * the changelogs, and the topic of labels, are given as many here.
 */
final class ImagePartitions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ImagePartitions.class);
  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final int SEEN_LOOKS = 50;
  private static final long SEEN_MILLIS = 100;

  private final Map<String, String> clients;
  private final String images;
  private final String labels;
  private final boolean mayChangeLabels;
  private final List<String> changelogs;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "image-partitions");
            thread.setDaemon(true);
            return thread;
          });
  private volatile int seen;
  private volatile Optional<String> objection = Optional.empty();

  /** What kept the last look from an answer: said once, not with every look. */
  private volatile String complaint = "";

  /** Of a service; looks when it is told to. */
  ImagePartitions(AppConfig config, String applicationId) {
    this.clients = config.clients();
    this.images = config.topology().topics().images();
    this.labels = config.topology().topics().labels();
    this.mayChangeLabels = config.createTopics();
    this.changelogs = Footprint.changelogs(applicationId);
  }

  /** As many as there were when it was looked last. */
  int count() {
    return seen;
  }

  /** Why some of them are not taken in, with what to do; empty if all are, or will be. */
  Optional<String> objection() {
    return objection;
  }

  /**
   * Looks before the service starts, and gives what belongs to the images as many partitions.
   *
   * @throws StartupException saying what keeps it from that, or that the broker refuses
   */
  void align() throws StartupException {
    Optional<String> why = Topics.call(clients, this::align);
    if (why.isPresent()) {
      throw new StartupException(why.get());
    }
  }

  /** Returns what keeps it from that. */
  private synchronized Optional<String> align(Admin admin)
      throws ExecutionException, InterruptedException {
    int before = seen;
    int count = Topics.partitions(admin, images);
    if (before > 0 && count > before) {
      LOG.info("topic {} has {} partitions now, not {}", images, count, before);
    }
    seen = Math.max(before, count);
    Map<String, Integer> fewer = new TreeMap<>();
    for (Map.Entry<String, Integer> one : counts(admin).entrySet()) {
      // A broker that has not heard of the last change yet says less than is true.
      if (one.getValue() > count && count >= before) {
        return Optional.of(tooMany(one.getKey(), one.getValue(), count));
      }
      if (one.getValue() < count) {
        fewer.put(one.getKey(), one.getValue());
      }
    }
    for (Map.Entry<String, Integer> one : fewer.entrySet()) {
      Optional<String> why = grow(admin, one.getKey(), one.getValue(), count);
      if (why.isPresent()) {
        return why;
      }
    }
    if (fewer.isEmpty()) {
      return Optional.empty();
    }
    LOG.info("topics {} were given {} partitions, as topic {} has", fewer.keySet(), count, images);
    return isSeen(admin, fewer.keySet(), count)
        ? Optional.empty()
        : Optional.of(
            "topics %s were given %d partitions, and the broker does not show them yet"
                .formatted(fewer.keySet(), count));
  }

  /** Without those that are not there yet. */
  private Map<String, Integer> counts(Admin admin) throws ExecutionException, InterruptedException {
    List<String> topics = new ArrayList<>(changelogs);
    topics.add(labels);
    Map<String, Integer> counts = new TreeMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> answer :
        admin.describeTopics(topics).topicNameValues().entrySet()) {
      try {
        counts.put(answer.getKey(), answer.getValue().get().partitions().size());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
    return counts;
  }

  private String tooMany(String topic, int has, int count) {
    return topic.equals(labels)
        ? "topic %s has %d partitions and topic %s has %d: give the images as many, or choose another one with %s"
            .formatted(topic, has, images, count, ConfigKey.TOPIC_LABELS.key())
        : "topic %s keeps the state of %d partitions, and topic %s has %d: give it as many, or choose another %s"
            .formatted(topic, has, images, count, ConfigKey.APPLICATION_ID.key());
  }

  private Optional<String> grow(Admin admin, String topic, int has, int count)
      throws ExecutionException, InterruptedException {
    String line =
        "topic %s has %d partitions and topic %s has %d: kafka-topics --alter --topic %s --partitions %d"
            .formatted(topic, has, images, count, topic, count);
    if (topic.equals(labels) && !mayChangeLabels) {
      return Optional.of(line + ", or " + ConfigKey.TOPICS_CREATE.key() + "=true");
    }
    try {
      admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(count))).all().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return Optional.of(line + ", or allow this user Alter on it");
      }
      // Another instance was quicker.
      if (!(e.getCause() instanceof InvalidPartitionsException)) {
        throw e;
      }
    }
    return Optional.empty();
  }

  /** Not the whole broker knows at once. */
  private boolean isSeen(Admin admin, Set<String> topics, int count)
      throws ExecutionException, InterruptedException {
    for (int look = 0; look < SEEN_LOOKS; look++) {
      Map<String, Integer> counts = counts(admin);
      if (topics.stream().allMatch(topic -> counts.getOrDefault(topic, 0) >= count)) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(SEEN_MILLIS);
    }
    return false;
  }

  /** Looks again and again from now on. */
  void start() {
    var unused =
        looks.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Looks now. A broker that does not answer changes nothing.
   *
   * @return whether what belongs to the images has as many partitions
   */
  boolean look() {
    try {
      Optional<String> why = Topics.call(clients, this::align);
      if (why.isPresent() && !why.equals(objection)) {
        LOG.error("{}; until then images have no answer", why.get());
      }
      objection = why;
      complaint = "";
      return why.isEmpty();
    } catch (StartupException | RuntimeException | Error e) {
      // An Error that got out would end the looks without a word.
      if (!e.toString().equals(complaint)) {
        complaint = e.toString();
        LOG.warn("the partitions of topic {} could not be looked at: {}", images, complaint);
      }
      return false;
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
