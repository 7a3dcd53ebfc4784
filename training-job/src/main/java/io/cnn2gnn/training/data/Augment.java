package io.cnn2gnn.training.data;

/**
 * How views of a training image differ from it.
 *
 * @param flip left to right with probability one half
 * @param shift by up to so many pixels in each direction, zeros moved in
 * @param crop smallest share of the area that a random crop keeps before it is enlarged to full
 *     size, in (0, 1]; 1 crops nothing
 * @param views distinct views of an image, drawn in turn over the epochs; a teacher answers each of
 *     them once. 0 draws a new one every time
 */
public record Augment(boolean flip, int shift, float crop, int views) {
  public Augment {
    if (shift < 0 || !(crop > 0 && crop <= 1) || views < 0) {
      throw new IllegalArgumentException(
          "views need shift >= 0, crop in (0, 1] and a count >= 0: "
              + shift
              + ", "
              + crop
              + ", "
              + views);
    }
  }

  /** The view that is shown in an epoch, counted from 0. */
  int view(int epoch) {
    return views == 0 ? epoch : epoch % views;
  }
}
