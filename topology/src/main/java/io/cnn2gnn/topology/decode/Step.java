package io.cnn2gnn.topology.decode;

import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;

/** How far a record has come on its way to an image. */
sealed interface Step {
  /** At its end. */
  record Done(Decoding decoding) implements Step {}

  /**
   * There is more to do.
   *
   * @param bytes of pixels that it holds meanwhile
   */
  record Next(Work work, long bytes, Stage stage) implements Step {}

  /** A part of the way, for any decoder. */
  @FunctionalInterface
  interface Stage {
    Step run(RecordDecoder decoder);
  }
}
