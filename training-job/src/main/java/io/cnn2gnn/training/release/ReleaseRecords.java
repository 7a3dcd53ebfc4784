package io.cnn2gnn.training.release;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.ModelCard;
import io.cnn2gnn.model.drift.DriftReference;
import io.cnn2gnn.schemas.avro.BundleReference;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import java.time.Clock;

/** Writes the record of a release from what its bundle's card says. */
public final class ReleaseRecords {
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
   */
  public ModelRelease of(
      Bundle bundle, BundleReference reference, ReleaseState state, String reason) {
    ModelCard card = bundle.card();
    return ModelRelease.newBuilder()
        .setName(card.name())
        .setVersion(card.version())
        .setSpace(card.space())
        .setBundle(reference)
        .setState(state)
        .setMetrics(DriftReference.without(card.metrics()))
        .setCreatedAt(clock.instant())
        .setReason(reason)
        .build();
  }
}
