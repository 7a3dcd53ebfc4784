package io.cnn2gnn.topology.bank;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.model.inference.Answer.Decision;
import io.cnn2gnn.model.inference.Query;

/**
 * The recent part of the bank.
 *
 * @param capacity rows kept per partition; 0 leaves the prototypes alone
 * @param admission which images may become rows
 * @param minConfidence for {@link Admission#CONFIDENT}
 */
public record BankConfig(int capacity, Admission admission, float minConfidence) {
  /**
   * Which images later ones may lean on. Rows of a student with evidence hold what was known of an
   * image before its recent neighbours spoke, so that all may enter; those of one with graph layers
   * hold what its neighbours made of it, and a mistake would feed itself.
   */
  public enum Admission {
    /** Every image. */
    ALL,
    /** Images answered with enough confidence, and those that came with a label. */
    CONFIDENT,
    /** Images that came with a label. */
    LABELLED
  }

  public BankConfig {
    if (capacity < 0 || capacity > 100_000) {
      throw new IllegalArgumentException("bank.capacity must lie in 0..100000: " + capacity);
    }
    if (!(minConfidence >= 0 && minConfidence <= 1)) {
      throw new IllegalArgumentException("bank.min.confidence must lie in 0..1: " + minConfidence);
    }
  }

  /**
   * Whether the image may become a row. One that is answered by its own label is in the labelled
   * tier already.
   */
  public boolean admits(Query query, Answer answer) {
    if (answer.labels().decidedBy() == Decision.LABEL) {
      return false;
    }
    return switch (admission) {
      case ALL -> true;
      case CONFIDENT -> answer.confidence() >= minConfidence || query.label().isPresent();
      case LABELLED -> query.label().isPresent();
    };
  }
}
