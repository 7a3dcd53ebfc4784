package io.cnn2gnn.topology.truth;

import io.cnn2gnn.model.bundle.ModelCard;
import java.util.Optional;

/**
 * A share of right answers, counted on a sample. What the sample may be of lies between Wilson's
 * bounds, each of which chance passes once in a thousand times (z = 3.09): with share p of n
 *
 * <pre>(p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n)</pre>
 *
 * @param value in [0, 1]
 * @param count answers of the sample, at least one
 */
record Share(double value, double count) {
  /** The quantile of the normal distribution at 99.9 %. */
  private static final double Z = 3.090232;

  /**
   * What held-out images have shown of a model: {@code accuracy} of its card, measured on {@code
   * images} of them. A card that does not say how many is believed as if they were as many as in a
   * window.
   *
   * @return empty if the card does not say it
   */
  static Optional<Share> heldOut(ModelCard card) {
    double images = card.metrics().getOrDefault("images", (double) TruthWindow.SIZE);
    return Optional.ofNullable(card.metrics().get("accuracy"))
        .filter(accuracy -> accuracy >= 0 && accuracy <= 1 && images >= 1)
        .map(accuracy -> new Share(accuracy, images));
  }

  double low() {
    return centre() - half();
  }

  double high() {
    return centre() + half();
  }

  private double centre() {
    return (value + Z * Z / (2 * count)) / (1 + Z * Z / count);
  }

  private double half() {
    double variance = value * (1 - value) / count + Z * Z / (4 * count * count);
    return Z * Math.sqrt(variance) / (1 + Z * Z / count);
  }

  /**
   * Whether this share is smaller than another one by more than chance explains at 99.9 %, in
   * Newcombe's way: chance moves both, so their difference has to exceed
   *
   * <pre>√((other's value - other's low)² + (high - value)²)</pre>
   *
   * With a large sample of the other this is: high lies below it. Where nearly all are right,
   * chance goes farther down than Wilson's bound allows for; so this share is taken as if one more
   * had been right. Then two equal shares seem different once or twice in a thousand times,
   * whatever they are.
   */
  boolean isBelow(Share other) {
    Share better = new Share(Math.min(1, value + 1 / count), count);
    double chance = Math.hypot(other.value() - other.low(), better.high() - better.value());
    return other.value() - better.value() > chance;
  }
}
