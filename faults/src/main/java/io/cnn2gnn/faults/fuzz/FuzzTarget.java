package io.cnn2gnn.faults.fuzz;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Something that takes bytes from strangers, and how bytes for it are made.
 *
 * @param name of files and tables
 * @param corpus inputs that it knows an answer to, from which others are made
 * @param mutator makes hostile inputs
 * @param subjects makes the code under test, once per thread
 */
public record FuzzTarget(
    String name, List<byte[]> corpus, Mutator mutator, Supplier<Subject> subjects) {
  /** Odd and not the generator's own increment, so that streams of two seeds do not overlap. */
  private static final long SPREAD = 0xd1342543de82ef95L;

  /** Makes an input of what a generator draws, and of nothing else. */
  public interface Mutator {
    byte[] mutate(RandomGenerator random);
  }

  /** The code under test, seen by one thread. */
  public interface Subject {
    /**
     * Takes an input; whatever this throws is a finding.
     *
     * @return why the input is refused; empty if it is accepted
     */
    Optional<String> refusal(byte[] input);
  }

  public FuzzTarget {
    corpus = List.copyOf(corpus);
  }

  /** The input of this index, the same on every call. */
  public byte[] input(long seed, long index) {
    return mutator.mutate(new SplittableRandom(seed * SPREAD + index));
  }
}
