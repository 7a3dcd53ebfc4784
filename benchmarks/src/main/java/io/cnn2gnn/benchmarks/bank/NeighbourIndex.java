package io.cnn2gnn.benchmarks.bank;

/** An index of vectors that finds the nearest ones, approximately. One thread uses it. */
interface NeighbourIndex extends AutoCloseable {
  /** Adds the vectors 0 to n - 1. */
  void build(float[][] vectors);

  /** The ids of about the k nearest by Euclidean distance. */
  int[] search(float[] query, int k);

  @Override
  void close();
}
