package io.cnn2gnn.topology.decode;

import io.cnn2gnn.topology.decode.RecordDecoder.Decoding;
import io.cnn2gnn.topology.flow.Rejection;
import java.util.Optional;

/** How far a record has come on its way to an image. */
sealed interface Step {
  /** At its end. */
  record Done(Decoding decoding) implements Step {}

  /**
   * There is more to do.
   *
   * @param bytes of pixels that it holds meanwhile
   * @param imageId as far as it is known
   */
  record Next(Work work, long bytes, Optional<String> imageId, Stage stage) implements Step {
    /** The same on the threads for large pictures. */
    Next heavy() {
      return new Next(Work.HEAVY, bytes, imageId, stage);
    }

    /** Refuses the record instead of going on. */
    Done refused(String reason, String message) {
      return Step.refused(imageId, reason, message);
    }
  }

  /** A record that is at fault for good. */
  static Done refused(Optional<String> imageId, String reason, String message) {
    return new Done(
        new Decoding.Refused(new Rejection(Rejection.Stage.DECODE, reason, message, imageId)));
  }

  /** A part of the way, for any decoder. */
  @FunctionalInterface
  interface Stage {
    Step run(RecordDecoder decoder);
  }
}
