package io.cnn2gnn.training.service;

/** The right to train a model, which one process at a time has. Safe for use by several threads. */
public interface Lease {
  /** A number above 0 while it is held, another one each time it is gained; 0 while it is not. */
  long term();

  /** True while it is held. */
  default boolean held() {
    return term() > 0;
  }

  /**
   * Waits until it is held.
   *
   * @return the term that has begun
   */
  long awaitHeld() throws InterruptedException;

  /**
   * Asks whoever grants it whether it is still held: a process that was stopped for a while may
   * have lost it and not know.
   *
   * @return whether the term goes on
   */
  boolean confirm(long term) throws InterruptedException;
}
