package io.cnn2gnn.topology.teaching;

/** Hears of answers whose class became known afterwards, on their stream thread. */
@FunctionalInterface
public interface TruthListener {
  /**
   * An answer can be judged.
   *
   * @param model name and version of the one that gave it
   * @param answered the class that it was answered with
   * @param truth the class that it has
   */
  void told(String model, String answered, String truth);
}
