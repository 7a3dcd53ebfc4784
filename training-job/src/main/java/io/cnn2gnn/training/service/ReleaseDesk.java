package io.cnn2gnn.training.service;

import ai.djl.Device;
import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.schemas.release.ReleaseWriter;
import io.cnn2gnn.schemas.release.Releases;
import io.cnn2gnn.training.data.ImageSet;
import io.cnn2gnn.training.gate.Gate;
import io.cnn2gnn.training.gate.GateOptions;
import io.cnn2gnn.training.gate.GateResult;
import io.cnn2gnn.training.release.BundleFetcher;
import io.cnn2gnn.training.release.BundleStore;
import io.cnn2gnn.training.release.ReleaseRecords;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Lets bundles out: compares one with the release that answers, stores it, and writes its release.
 */
public final class ReleaseDesk {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Supplier<ReleaseReader> readers;
  private final Supplier<ReleaseWriter> writers;
  private final BundleFetcher fetcher;
  private final BundleStore store;
  private final ReleaseRecords records;
  private final Rules rules;

  /**
   * How candidates are judged and let out.
   *
   * @param gate how much worse one may be, and what becomes of one of which nobody can tell
   * @param fallback what to compare with where no release is active
   * @param passed the state of what passes: candidate or active
   * @param device to compare on
   */
  public record Rules(
      GateOptions gate, Optional<Bundle> fallback, ReleaseState passed, Device device) {
    public Rules {
      if (passed == ReleaseState.RETIRED) {
        throw new IllegalArgumentException("what passes becomes a candidate or active");
      }
    }
  }

  /**
   * Releases by the rules what a training came to.
   *
   * @param readers makes readers of the models topic, each for one use
   * @param writers likewise
   */
  public ReleaseDesk(
      Supplier<ReleaseReader> readers,
      Supplier<ReleaseWriter> writers,
      BundleFetcher fetcher,
      BundleStore store,
      ReleaseRecords records,
      Rules rules) {
    this.readers = readers;
    this.writers = writers;
    this.fetcher = fetcher;
    this.store = store;
    this.records = records;
    this.rules = rules;
  }

  /**
   * The releases as they are now.
   *
   * @throws KafkaException if the broker refuses or takes too long
   * @throws RegistryUnavailableException if the registry does
   */
  public Releases releases() throws InterruptedException {
    try (ReleaseReader reader = readers.get()) {
      try {
        return reader.readToEnd(PATIENCE);
      } catch (InterruptException e) {
        // Kafka leaves the flag set, and with it set the reader could not close in good order.
        Thread.interrupted();
        throw new InterruptedException("interrupted while reading the releases");
      }
    }
  }

  /**
   * What a candidate has to be as good as: the active release, or what was given for want of one.
   *
   * @throws BundleException if the active release cannot be fetched
   */
  public Optional<Bundle> active(String model) throws BundleException, InterruptedException {
    Optional<ModelRelease> active = releases().active(model);
    return active.isPresent() ? Optional.of(fetcher.fetch(active.get())) : rules.fallback();
  }

  /** Compares a candidate with the active release; where there is nothing to compare, it passes. */
  public GateResult judge(Bundle candidate, ImageSet heldOut)
      throws BundleException, InterruptedException {
    Optional<Bundle> active = active(candidate.card().name());
    if (active.isEmpty()) {
      return new GateResult.Passed(
          Map.of("images", (double) heldOut.size()),
          "passed: no release is active, so there is nothing to compare it with");
    }
    return Gate.compare(active.get(), candidate, heldOut, rules.gate(), rules.device());
  }

  /**
   * Stores a bundle and writes its release: in the state for those that pass, or retired, so that
   * the refusal can be read where releases are. The gate's figures go with it.
   *
   * @return what was written
   */
  public ModelRelease publish(Bundle bundle, GateResult result)
      throws IOException, InterruptedException {
    ModelRelease release =
        records.of(bundle, store.store(bundle), state(result), result.reason(), result.figures());
    try (ReleaseWriter writer = writers.get()) {
      writer.publish(release);
    }
    return release;
  }

  private ReleaseState state(GateResult result) {
    if (result instanceof GateResult.Passed) {
      return rules.passed();
    }
    if (result instanceof GateResult.Refused) {
      return ReleaseState.RETIRED;
    }
    return switch (rules.gate().whenTooFew()) {
      case RELEASE -> rules.passed();
      case CANDIDATE -> ReleaseState.CANDIDATE;
      case REFUSE -> ReleaseState.RETIRED;
    };
  }
}
