package io.cnn2gnn.topology.app;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the broker refuses a service: its password, or an operation that no ACL allows. At the start
 * that ends it, for somebody is there to mend it. A service that has run waits for its rights to
 * come back: it says so once, is not ready, and tries again from the last commit.
 */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  static final Duration PAUSE = Duration.ofSeconds(5);

  /** Longer than a pause and the start of a thread, so that readiness does not flicker. */
  static final Duration AFTERMATH = Duration.ofSeconds(20);

  /** Sleeps; injected so that tests need not. */
  interface Sleeper {
    void sleep(Duration pause) throws InterruptedException;
  }

  private final LongSupplier nanos;
  private final Sleeper sleeper;
  private boolean ran;
  private String told = "";
  private OptionalLong last = OptionalLong.empty();
  private Optional<String> fatal = Optional.empty();

  Refusals(LongSupplier nanos, Sleeper sleeper) {
    this.nanos = nanos;
    this.sleeper = sleeper;
  }

  synchronized void started() {
    ran = true;
  }

  /** Says what becomes of a stream thread that died of a refusal; returns after a pause. */
  StreamThreadExceptionResponse handle(Throwable refusal) {
    if (!retries(BrokerFaults.explain("the broker", refusal).orElse(refusal.toString()))) {
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
    pause();
    return StreamThreadExceptionResponse.REPLACE_THREAD;
  }

  /** Before a stream thread tries again what will presumably fail again. */
  void pause() {
    try {
      sleeper.sleep(PAUSE);
    } catch (InterruptedException e) {
      // The service stops.
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean retries(String what) {
    if (!ran) {
      fatal = Optional.of(what);
      return false;
    }
    long now = nanos.getAsLong();
    if (!isAny(now) || !what.equals(told)) {
      LOG.error(
          "{}; not ready, trying again every {} s from the last commit", what, PAUSE.toSeconds());
    }
    told = what;
    last = OptionalLong.of(now);
    return true;
  }

  /**
   * Whether something is refused, or was moments ago.
   *
   * @param now by the monotonic clock
   */
  synchronized boolean isAny(long now) {
    return last.isPresent() && now - last.getAsLong() < AFTERMATH.toNanos();
  }

  /** What is refused, while {@link #isAny}. */
  synchronized Optional<String> current(long now) {
    return isAny(now) ? Optional.of(told) : Optional.empty();
  }

  /** What ended the service; empty if nothing was refused at its start. */
  synchronized Optional<String> fatal() {
    return fatal;
  }
}
