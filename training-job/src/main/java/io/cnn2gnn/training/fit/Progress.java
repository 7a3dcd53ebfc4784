package io.cnn2gnn.training.fit;

/** Where training tells how far it is. Called from the training thread. */
public interface Progress {
  /** An epoch over so many images begins; epochs count from 1. */
  void epoch(int epoch, int epochs, int images);

  /** A step is done. */
  void step(int images, float loss);
}
