package io.cnn2gnn.training.fit;

/** Where training tells how far it is. Called from the training thread. */
public interface Progress {
  /** An epoch over so many images begins; epochs count from 1. */
  void epoch(int epoch, int epochs, int images);

  /** A step is done. */
  void step(int images, float loss);

  /** An epoch is done and checkpointed; its accuracy held out is of this split. */
  void done(Epoch epoch, HeldOut.Split split);

  /** A teacher has answered so many images ahead of the epoch's first step. */
  default void answered(int images) {}
}
