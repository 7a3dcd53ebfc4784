package io.cnn2gnn.training.release;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Writes the record of a release from what its bundle's card says. */
public final class ReleaseRecords {
  /** Before the names of what a gate has measured. */
  public static final String GATE = "gate.";

  private final Clock clock;

  /**
   * Makes records that say when they were made.
   *
   * @param clock tells the time
   */
  public ReleaseRecords(Clock clock) {
    this.clock = clock;
  }

  /**
   * The record that puts a bundle into a state.
   *
   * @param reference where the bundle is stored
   * @param reason for the state, for people; may be empty
   * @param gate what a gate has measured, by name; may be empty
   */
  public ModelRelease of(
      Bundle bundle,
      BundleReference reference,
      ReleaseState state,
      String reason,
      Map<String, Double> gate) {
    ModelCard card = bundle.card();
    Map<String, Double> metrics = new HashMap<>(DriftReference.without(card.metrics()));
    gate.forEach((name, value) -> metrics.put(GATE + name, value));
    return ModelRelease.newBuilder()
        .setName(card.name())
        .setVersion(card.version())
        .setSpace(card.space())
        .setBundle(reference)
        .setState(state)
        .setMetrics(metrics)
        .setCreatedAt(clock.instant())
        .setReason(reason)
        .setAnswered(state == ReleaseState.ACTIVE)
        .build();
  }
}
