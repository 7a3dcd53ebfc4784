package io.cnn2gnn.benchmarks.latency;

import io.cnn2gnn.benchmarks.pipeline.LoopPeer;

/** A consumer loop with the same student and no transactions: it never waits for a batch mate. */
final class LoopSubject implements Subject {
  private final LoopPeer loop;

  LoopSubject(LoopPeer loop) {
    this.loop = loop;
  }

  @Override
  public boolean isAlive() {
    loop.requireAlive();
    return true;
  }

  @Override
  public Batches batches() {
    return Batches.UNCOUNTED;
  }

  @Override
  public void close() {
    loop.close();
  }
}
