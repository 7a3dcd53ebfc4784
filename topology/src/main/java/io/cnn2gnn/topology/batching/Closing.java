package io.cnn2gnn.topology.batching;

import io.cnn2gnn.topology.metrics.KindMeter;

/** Why a batch was closed. */
enum Closing {
  /** It had as many images as a batch may have. */
  COUNT,
  /** It had as many bytes as a batch may have. */
  BYTES,
  /** Its first image had waited for as long as an image may. */
  TIME,
  /** The service stops. */
  DRAIN;

  /** What is shown of them. */
  static final KindMeter<Closing> METER =
      new KindMeter<>(
          "cnn2gnn.batch.closed", "by", Closing.class, "Batches that were closed, by what");
}
