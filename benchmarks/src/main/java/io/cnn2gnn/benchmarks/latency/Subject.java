package io.cnn2gnn.benchmarks.latency;

import java.io.IOException;

/** Who answers the images of an open loop. */
interface Subject extends AutoCloseable {
  /** Whether more answers can be hoped for. */
  boolean isAlive();

  /** Batches it has answered so far. */
  Batches batches() throws IOException, InterruptedException;

  @Override
  void close();

  /**
   * Batches, as who answered them counts them; not numbers where nobody counts.
   *
   * @param count of them
   * @param seconds of inference for all
   * @param images in all
   */
  record Batches(double count, double seconds, double images) {
    static final Batches UNCOUNTED = new Batches(Double.NaN, Double.NaN, Double.NaN);

    Batches since(Batches before) {
      return new Batches(count - before.count, seconds - before.seconds, images - before.images);
    }

    double meanMillis() {
      return seconds / count * 1e3;
    }

    double meanImages() {
      return images / count;
    }
  }
}
