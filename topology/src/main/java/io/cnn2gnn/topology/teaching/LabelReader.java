package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.intake.LabelRecord;
import io.cnn2gnn.intake.LabelRecords;
import io.cnn2gnn.intake.RecordRefusedException;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.topology.consumer.StandIn;
import io.cnn2gnn.topology.decode.Waiting;
import io.cnn2gnn.topology.flow.Source;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads labels in their order. One whose schema has to be asked for is read by another thread, and
 * asked for again with pauses while the registry is away. It belongs to one task.
 */
final class LabelReader {
  private static final Logger LOG = LoggerFactory.getLogger(LabelReader.class);
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  /** A label is a few texts: a larger record is none. */
  private static final int MOST_BYTES = 1 << 14;

  private final LabelRecords records;
  private final Executor reading;
  private final LongSupplier nanos;
  private final Waiting waiting;
  private Optional<Asked> asked = Optional.empty();
  private long notBefore;
  private boolean complained;

  /** What a record is. */
  sealed interface Read {
    /** A label. */
    record Label(Said said) implements Read {}

    /** None, and never will be. */
    record Refused(String reason, String message, Optional<String> imageId) implements Read {}
  }

  /** For which record the registry is asked. */
  private record Asked(long offset, CompletableFuture<Read> read) {}

  LabelReader(LabelRecords records, Executor reading, LongSupplier nanos, Waiting waiting) {
    this.records = records;
    this.reading = reading;
    this.nanos = nanos;
    this.waiting = waiting;
    this.notBefore = nanos.getAsLong();
  }

  /** What is wrong with a record before it is read, if anything is. */
  Optional<Read> objection(Source source) {
    Optional<String> unreadable = StandIn.reason(source);
    if (unreadable.isPresent()) {
      return Optional.of(new Read.Refused("RECORD_UNREADABLE", unreadable.get(), Optional.empty()));
    }
    return source.bytes() <= MOST_BYTES
        ? Optional.empty()
        : Optional.of(
            new Read.Refused(
                "RECORD_TOO_LARGE",
                "a label has %d bytes at most, this record has %d"
                    .formatted(MOST_BYTES, source.bytes()),
                Optional.empty()));
  }

  /** Reads a record, if that asks nobody. */
  Optional<Read> now(Source source) {
    if (!records.isKnown(source.headers(), value(source))) {
      return Optional.empty();
    }
    goOn();
    return Optional.of(read(source));
  }

  /** Reads one that {@link #now} could not, if the registry has answered; else goes on asking. */
  Optional<Read> later(Source source) {
    // Of a record that could be read meanwhile the answer is not wanted any more.
    asked = asked.filter(a -> a.offset() == source.offset());
    if (asked.isEmpty() && nanos.getAsLong() - notBefore >= 0) {
      asked =
          Optional.of(
              new Asked(
                  source.offset(), CompletableFuture.supplyAsync(() -> read(source), reading)));
    }
    if (asked.isEmpty() || !asked.get().read().isDone()) {
      return Optional.empty();
    }
    CompletableFuture<Read> answer = asked.get().read();
    asked = Optional.empty();
    try {
      Read read = answer.join();
      goOn();
      return Optional.of(read);
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof RegistryUnavailableException)) {
        throw e;
      }
      complain(source, e.getCause().getMessage());
      notBefore = nanos.getAsLong() + PAUSE_NANOS;
      return Optional.empty();
    }
  }

  private void goOn() {
    complained = false;
    waiting.goesOn(this);
  }

  private void complain(Source label, String why) {
    waiting.waits(this, label.coordinates(), why);
    if (!complained) {
      LOG.warn("labels wait for the registry: {}", why);
      complained = true;
    }
  }

  /** Its task ends. */
  void close() {
    waiting.goesOn(this);
  }

  private Read read(Source source) {
    try {
      LabelRecord label = records.read(source.headers(), value(source));
      return new Read.Label(Said.of(source, label));
    } catch (RecordRefusedException e) {
      return new Read.Refused(e.reason(), e.getMessage(), e.imageId());
    }
  }

  private static byte[] value(Source source) {
    return source.value().orElse(new byte[0]);
  }
}
