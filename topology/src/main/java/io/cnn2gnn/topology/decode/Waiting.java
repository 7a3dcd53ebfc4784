package io.cnn2gnn.topology.decode;

import io.cnn2gnn.schemas.Printable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Records that wait for something that is away; the service is not ready while any does. */
public final class Waiting {
  /** By whoever waits for one. */
  private final Map<Object, String> reasons = new ConcurrentHashMap<>();

  /**
   * A record waits, or still does.
   *
   * @param who waits for it, the same until {@link #goesOn}
   * @param record as messages name it
   * @param reason for people
   */
  public void waits(Object who, String record, String reason) {
    reasons.put(who, Printable.of(record + " waits: " + reason));
  }

  /** It waits no longer, if it did. */
  public void goesOn(Object who) {
    reasons.remove(who);
  }

  /** How many. */
  public int records() {
    return reasons.size();
  }

  /** What one of them waits for, and how many others do. */
  public Optional<String> reason() {
    int others = reasons.size() - 1;
    return reasons.values().stream()
        .findFirst()
        .map(one -> others > 0 ? "%s (and %d more)".formatted(one, others) : one);
  }
}
