package io.cnn2gnn.benchmarks.pipeline;

/** A contestant at work, from its making to its close. */
public interface Peer extends AutoCloseable {
  /**
   * Says whether it still works.
   *
   * @throws Exception that ended it
   */
  void requireAlive() throws Exception;

  @Override
  void close();
}
