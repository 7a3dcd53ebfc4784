package io.cnn2gnn.training.data;

/**
 * How views of a training image differ from it.
 *
 * @param flip left to right with probability one half
 * @param shift by up to so many pixels in each direction, zeros moved in
 * @param crop smallest share of the area that a random crop keeps before it is enlarged to full
 *     size, in (0, 1]; 1 crops nothing
 * @param light how far brightness may be off: by a factor of exp(-light) to exp(light), and by an
 *     eighth of light times white; 0 changes nothing
 * @param mixup share of the views that are mixed with a view of another image, in random shares
 *     (Zhang et al., arXiv 1710.09412); they have no label, only what a teacher says of them
 * @param views distinct views of an image, drawn in turn over the epochs; a teacher answers each of
 *     them once. 0 draws a new one every time
 */
public record Augment(boolean flip, int shift, float crop, float light, float mixup, int views) {
  public Augment {
    if (shift < 0) {
      throw new IllegalArgumentException("shift must not be negative: " + shift);
    }
    if (!(crop > 0 && crop <= 1)) {
      throw new IllegalArgumentException("crop must lie in (0, 1]: " + crop);
    }
    if (!(light >= 0 && light <= 2)) {
      throw new IllegalArgumentException("light must lie in [0, 2]: " + light);
    }
    if (!(mixup >= 0 && mixup <= 1)) {
      throw new IllegalArgumentException("mixup must lie in [0, 1]: " + mixup);
    }
    if (views < 0) {
      throw new IllegalArgumentException("views must not be negative: " + views);
    }
  }

  /** Views of one image each. */
  public Augment(boolean flip, int shift, float crop, float light, int views) {
    this(flip, shift, crop, light, 0, views);
  }

  /** The same, flipped or not. */
  public Augment flipping(boolean flips) {
    return new Augment(flips, shift, crop, light, mixup, views);
  }

  /** The same, nothing mixed. */
  public Augment unmixed() {
    return new Augment(flip, shift, crop, light, views);
  }

  /** The view that is shown in an epoch, counted from 0. */
  int view(int epoch) {
    return views == 0 ? epoch : epoch % views;
  }
}
