package io.cnn2gnn.faults;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Packets that arrive nowhere as long as it is cut: all of those that it is for, or some. */
final class Dropping implements Line {
  /** One of twenty, by chance. */
  static final String SOME = "-m statistic --mode random --probability 0.05";

  static final String ALL = "";

  private final List<Arrivals> arrivals;
  private final String share;
  private final Deque<Arrivals> there = new ArrayDeque<>();

  /**
   * Drops nothing yet.
   *
   * @param share {@link #ALL} or {@link #SOME}
   */
  Dropping(List<Arrivals> arrivals, String share) {
    this.arrivals = List.copyOf(arrivals);
    this.share = share;
  }

  @Override
  public synchronized void cut() throws IOException, InterruptedException {
    // A cut that failed half way is made whole by the next one.
    for (Arrivals some : arrivals) {
      if (!there.contains(some)) {
        some.drop(share);
        there.add(some);
      }
    }
  }

  @Override
  public synchronized void mend() throws IOException, InterruptedException {
    // What could not be taken away is tried again by the next call.
    while (!there.isEmpty()) {
      there.peek().letIn(share);
      there.remove();
    }
  }

  /** How many packets have not arrived since it was cut, which it is. */
  long dropped() throws IOException, InterruptedException {
    long dropped = 0;
    for (Arrivals some : arrivals) {
      dropped += some.dropped();
    }
    return dropped;
  }
}
