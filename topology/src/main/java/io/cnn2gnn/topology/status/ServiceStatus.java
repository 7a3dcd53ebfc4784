package io.cnn2gnn.topology.status;

import io.cnn2gnn.topology.backlog.Backlog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a service stands.
 *
 * @param application its {@code application.id}
 * @param at when that was asked
 * @param backlog of each partition of the images
 * @param group whose members answer
 * @param labels that nothing has become of yet
 * @param deadLetters of late
 * @param models what the registry is needed for
 */
public record ServiceStatus(
    String application,
    Instant at,
    List<Backlog> backlog,
    Group group,
    Labels labels,
    DeadLetters deadLetters,
    Models models) {
  public ServiceStatus {
    backlog = List.copyOf(backlog);
  }

  /** Images without an answer, in all partitions. */
  public long unanswered() {
    return backlog.stream().mapToLong(Backlog::images).sum();
  }

  /** The age of the oldest of them; empty if it is not known of each partition that has some. */
  public Optional<Duration> oldest() {
    List<Optional<Duration>> ages = backlog.stream().map(one -> one.age(at)).toList();
    return ages.stream().allMatch(Optional::isPresent)
        ? ages.stream().flatMap(Optional::stream).max(Duration::compareTo)
        : Optional.empty();
  }

  /**
   * The consumer group.
   *
   * @param state as Kafka names it; NONE if there is no such group
   * @param members each a thread of an instance; one that was killed is a member until its session
   *     ends
   */
  public record Group(String state, List<Member> members) {
    public Group {
      members = List.copyOf(members);
    }
  }

  /**
   * A thread of an instance.
   *
   * @param instance its id in the group, which outlives a restart
   * @param client id of its consumer
   * @param host as the broker sees it
   * @param partitions of the images that are its own
   */
  public record Member(String instance, String client, String host, List<Integer> partitions) {
    public Member {
      partitions = List.copyOf(partitions);
    }
  }

  /**
   * Labels that nothing has become of yet.
   *
   * @param unread that the service has not taken; where their producers use transactions, at most
   *     so many
   * @param waiting that it has taken, and that wait for their image or for a schema; empty if there
   *     is more to read than is worth it
   */
  public record Labels(long unread, OptionalLong waiting) {}

  /**
   * Dead letters of images, and labels, that are no older than an hour.
   *
   * @param since when that was
   * @param reasons how many there are, by reason
   * @param isAll whether all were counted, or only the first of many
   * @param newest the one of the youngest image, if there is one and all were counted
   */
  public record DeadLetters(
      Instant since, Map<String, Integer> reasons, boolean isAll, Optional<DeadLetter> newest) {
    public DeadLetters {
      reasons = Map.copyOf(reasons);
    }

    /** Of all reasons. */
    public int count() {
      return reasons.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /**
   * A dead letter.
   *
   * @param at where it is, as {@code topic-partition@offset}
   * @param record which record it is of
   * @param time that record's
   */
  public record DeadLetter(String at, String record, Instant time, String reason, String message) {}

  /**
   * Which models answer.
   *
   * @param releases of each model that was released
   * @param lastAnswer the newest prediction, if there is one
   * @param unknown why these could not be read; empty if they were
   */
  public record Models(
      List<Released> releases, Optional<LastAnswer> lastAnswer, Optional<String> unknown) {
    public Models {
      releases = List.copyOf(releases);
    }
  }

  /** What of a model answers, and what is tried. */
  public record Released(String name, Optional<Version> active, Optional<Version> candidate) {}

  /** A version, and since when it is in its state. */
  public record Version(String version, Instant since) {}

  /** The newest prediction: when it was made, and by which model. */
  public record LastAnswer(Instant at, String model) {}
}
