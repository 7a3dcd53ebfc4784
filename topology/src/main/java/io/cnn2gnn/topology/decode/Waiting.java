package io.cnn2gnn.topology.decode;

import java.util.concurrent.atomic.AtomicInteger;

/** How many records wait for something that is away; the service is not ready while any does. */
public final class Waiting {
  private final AtomicInteger records = new AtomicInteger();

  void begin() {
    records.incrementAndGet();
  }

  void end() {
    records.decrementAndGet();
  }

  /** How many. */
  public int records() {
    return records.get();
  }

  /** Whether a record waits. */
  public boolean isAny() {
    return records.get() > 0;
  }
}
