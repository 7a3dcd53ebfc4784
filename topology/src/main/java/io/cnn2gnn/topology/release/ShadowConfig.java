package io.cnn2gnn.topology.release;

/**
 * How a candidate is tried beside the active model, and what becomes of it.
 *
 * @param batches for how many batches
 * @param promotion who decides afterwards
 * @param minAgreement the least share of images on which both must agree, where too few carry
 *     labels to count the right answers instead
 * @param maxSlowdown the candidate's time per image over the active model's, at most
 */
public record ShadowConfig(
    int batches, Promotion promotion, double minAgreement, double maxSlowdown) {
  /** Who promotes a candidate. */
  public enum Promotion {
    /** A person, by command. */
    HAND,
    /** The service: active if it passed, retired if it did not. */
    RULE
  }

  public ShadowConfig {
    if (batches < 1) {
      throw new IllegalArgumentException("shadow.batches must be positive: " + batches);
    }
    if (!(minAgreement >= 0 && minAgreement <= 1)) {
      throw new IllegalArgumentException("shadow.min.agreement must lie in 0..1: " + minAgreement);
    }
    if (!(maxSlowdown > 0)) {
      throw new IllegalArgumentException("shadow.max.slowdown must be positive: " + maxSlowdown);
    }
  }
}
