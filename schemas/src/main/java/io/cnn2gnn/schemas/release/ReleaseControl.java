package io.cnn2gnn.schemas.release;

import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.avro.ModelRelease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/**
 * Carries decisions over releases out, whoever takes them: a command or a page.
 *
 * @param readers makes readers of the models topic, each for one use
 * @param writers likewise
 */
public record ReleaseControl(Supplier<ReleaseReader> readers, Supplier<ReleaseWriter> writers) {
  /** Decides by the releases as they stand. */
  public interface Decision {
    List<ModelRelease> decide(ReleaseDecisions decisions) throws ReleaseDecisions.RefusedException;
  }

  /**
   * The releases as they are now.
   *
   * @throws KafkaException if the broker refuses or takes longer
   * @throws RegistryUnavailableException if the registry does
   */
  public Releases read(Duration longest) {
    try (ReleaseReader reader = readers.get()) {
      return reader.readToEnd(longest);
    }
  }

  /**
   * Decides and writes what comes of it.
   *
   * @param releases by which it is decided, as they were read
   * @return what was written, in this order
   * @throws KafkaException if a record was not written; those before it may have been
   */
  public List<ModelRelease> carryOut(Releases releases, Decision decision)
      throws ReleaseDecisions.RefusedException, InterruptedException {
    List<ModelRelease> records = decision.decide(new ReleaseDecisions(releases, Instant.now()));
    try (ReleaseWriter writer = writers.get()) {
      writer.publish(records.toArray(new ModelRelease[0]));
    }
    return records;
  }
}
