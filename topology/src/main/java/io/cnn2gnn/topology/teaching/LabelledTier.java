package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.model.label.LabelledRows;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The labelled tier of a process: what its topic says, in the topic's order. One thread applies
 * what it reads; any thread looks.
 */
public final class LabelledTier {
  private static final Logger LOG = LoggerFactory.getLogger(LabelledTier.class);

  /**
   * The tier at one moment.
   *
   * @param rows by the names of their images, in the order in which they were said
   * @param byClass the same by their labels
   * @param byLabeller the same by who said them
   * @param mirror what models are taught
   */
  record State(
      Map<String, TaughtRow> rows,
      Map<String, List<TaughtRow>> byClass,
      Map<String, List<TaughtRow>> byLabeller,
      LabelledRows mirror) {
    static final State EMPTY = new State(Map.of(), Map.of(), Map.of(), LabelledRows.NONE);

    static State of(LinkedHashMap<String, TaughtRow> rows, long epoch) {
      Map<String, List<TaughtRow>> byClass = new HashMap<>();
      Map<String, List<TaughtRow>> byLabeller = new HashMap<>();
      for (TaughtRow row : rows.values()) {
        byClass.computeIfAbsent(row.row().label(), label -> new ArrayList<>()).add(row);
        byLabeller.computeIfAbsent(row.labelledBy(), by -> new ArrayList<>()).add(row);
      }
      return new State(
          Collections.unmodifiableMap(rows),
          byClass,
          byLabeller,
          new LabelledRows(rows.values().stream().map(TaughtRow::row).toList(), epoch));
    }
  }

  private volatile State state = State.EMPTY;
  private final AtomicLong asked = new AtomicLong();
  private volatile boolean followed;
  private volatile long past;

  /** What models are taught now. */
  public LabelledRows rows() {
    return state.mirror();
  }

  /**
   * A label in force.
   *
   * @param label the class
   * @param labelledBy who said it; empty if the image's own record did
   * @param space the embedding space in which it counts
   * @param partition of the image's record
   * @param offset of the image's record
   */
  public record Found(String label, String labelledBy, String space, int partition, long offset) {}

  /** What is said of images with an id, of whichever source. */
  public List<Found> find(String imageId) {
    return state.rows().values().stream()
        .filter(row -> row.row().imageId().equals(imageId))
        .map(
            row ->
                new Found(
                    row.row().label(),
                    row.labelledBy(),
                    row.row().space(),
                    row.image().partition(),
                    row.image().offset()))
        .toList();
  }

  State state() {
    return state;
  }

  /**
   * Asks for all that the topic holds now, or will once the transactions that are open have ended.
   *
   * @return by which {@link #isPast} tells whether it was read
   */
  long ask() {
    return asked.incrementAndGet();
  }

  /** Whether what the topic held at that time has been read. */
  boolean isPast(long question) {
    return !followed || past >= question;
  }

  /** The last question. */
  long asked() {
    return asked.get();
  }

  /** Somebody reads the topic: questions wait for him. */
  public void follow() {
    followed = true;
  }

  /** The answer to all questions up to this one. */
  public void pass(long question) {
    past = question;
  }

  /**
   * Takes in what came next of the topic. A record that is no row takes away the one that it
   * replaces.
   */
  public synchronized void apply(Iterable<ConsumerRecord<byte[], byte[]>> records) {
    LinkedHashMap<String, TaughtRow> rows = new LinkedHashMap<>(state.rows());
    long epoch = state.mirror().epoch();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      epoch = record.offset() + 1;
      if (record.key() != null) {
        String image = new String(record.key(), StandardCharsets.UTF_8);
        // Said again, it is the newest.
        rows.remove(image);
        row(record).ifPresent(row -> rows.put(image, row));
      }
    }
    if (epoch != state.mirror().epoch()) {
      state = State.of(rows, epoch);
    }
  }

  private static Optional<TaughtRow> row(ConsumerRecord<byte[], byte[]> record) {
    try {
      return Optional.ofNullable(record.value()).map(TaughtRow::decode);
    } catch (UncheckedIOException e) {
      LOG.warn("{}@{} is passed over: {}", record.topic(), record.offset(), e.getMessage());
      return Optional.empty();
    }
  }
}
