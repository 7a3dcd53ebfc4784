package io.cnn2gnn.topology.batching;

/** Why a batch was closed. */
enum Closing {
  /** It had as many images as a batch may have. */
  COUNT,
  /** It had as many bytes as a batch may have. */
  BYTES,
  /** Its first image had waited for as long as an image may. */
  TIME,
  /** The service stops. */
  DRAIN
}
