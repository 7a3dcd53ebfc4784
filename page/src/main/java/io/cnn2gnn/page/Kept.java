package io.cnn2gnn.page;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What takes a while to find out, and is asked for by many: one of them finds it out, and the
 * others get what was found before. So a broker that does not answer holds one of them up.
 */
final class Kept<T> {
  private final Supplier<T> find;
  private final long nanos;
  private final LongSupplier clock;
  private final Semaphore one = new Semaphore(1);

  /** Grows with what makes a value old: one that was being found out meanwhile is old, too. */
  private final AtomicLong generation = new AtomicLong();

  private volatile Optional<Found<T>> last = Optional.empty();

  private record Found<T>(T value, long at, long generation) {}

  /**
   * Finds it out when it is asked for.
   *
   * @param fresh how long it is kept
   * @param clock in nanoseconds
   */
  Kept(Supplier<T> find, Duration fresh, LongSupplier clock) {
    this.find = find;
    this.nanos = fresh.toNanos();
    this.clock = clock;
  }

  /** Empty while somebody finds it out for the first time. */
  Optional<T> get() {
    if (!last.map(this::isFresh).orElse(false)) {
      renew();
    }
    return last.map(Found::value);
  }

  private boolean isFresh(Found<T> found) {
    return found.generation() == generation.get() && clock.getAsLong() - found.at() <= nanos;
  }

  private void renew() {
    if (one.tryAcquire()) {
      try {
        long before = generation.get();
        T value = find.get();
        last = Optional.of(new Found<>(value, clock.getAsLong(), before));
      } finally {
        one.release();
      }
    }
  }

  /** Has it found out anew. Who asks meanwhile gets what was found before. */
  void forget() {
    generation.incrementAndGet();
  }
}
