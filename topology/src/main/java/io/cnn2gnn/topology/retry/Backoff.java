package io.cnn2gnn.topology.retry;

import java.time.Duration;

/** Pauses between tries of something that is away: each is twice the one before, up to a bound. */
public final class Backoff {
  private final Duration first;
  private final Duration longest;
  private Duration next;

  /** Begins with the first pause. */
  public Backoff(Duration first, Duration longest) {
    this.first = first;
    this.longest = longest;
    this.next = first;
  }

  /** The pause before the next try. */
  public Duration next() {
    Duration pause = next;
    Duration twice = pause.multipliedBy(2);
    next = twice.compareTo(longest) < 0 ? twice : longest;
    return pause;
  }

  /** Something else is tried: the first pause comes again. */
  public void reset() {
    next = first;
  }
}
