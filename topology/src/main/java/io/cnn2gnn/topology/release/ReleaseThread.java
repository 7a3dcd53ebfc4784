package io.cnn2gnn.topology.release;

import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.release.ReleaseReader;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the models topic on and on, and lets the follower act on it. */
final class ReleaseThread implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseThread.class);

  /** A new release ends a poll at once; this is for retries and for trials that are over. */
  private static final Duration POLL = Duration.ofMillis(200);

  private static final Duration AFTER_FAULT = Duration.ofSeconds(1);
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(20);

  private final ReleaseReader reader;
  private final ReleaseFollower follower;
  private final Thread thread = new Thread(this::run, "releases");
  private volatile boolean stopped;
  private String complaint = "";

  /** Both are closed with this. */
  ReleaseThread(ReleaseReader reader, ReleaseFollower follower) {
    this.reader = reader;
    this.follower = follower;
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!stopped) {
      try {
        reader.poll(POLL);
        follower.follow(reader.releases());
        complaint = "";
      } catch (WakeupException e) {
        LOG.debug("woken up to stop");
      } catch (RegistryUnavailableException | KafkaException e) {
        complain(e.toString());
        rest();
      } catch (RuntimeException | Error e) {
        // An error too: without this thread no release would ever be followed again.
        LOG.error("following releases failed; going on with the next look", e);
        rest();
      }
    }
  }

  /** Once, not with every try. */
  private void complain(String fault) {
    if (!fault.equals(complaint)) {
      LOG.warn("the models topic cannot be read now: {}; trying again", fault);
      complaint = fault;
    }
  }

  private void rest() {
    try {
      Thread.sleep(AFTER_FAULT.toMillis());
    } catch (InterruptedException e) {
      stopped = true;
    }
  }

  @Override
  public void close() {
    stopped = true;
    reader.wakeup();
    try {
      thread.join(LONGEST_CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      // It is inside a model or a file system; the process ends soon.
      LOG.warn("the release thread did not stop in time");
      return;
    }
    follower.close();
    reader.close();
  }
}
