package io.cnn2gnn.model.image;

/**
 * How much of a picture is decoded.
 *
 * @param denominator 1, 2, 4 or 8: a JPEG comes at that fraction of its sides, rounded up
 * @param grey whether colours are of no use: of a JPEG luma alone is decoded then
 */
record Scale(int denominator, boolean grey) {
  static final Scale WHOLE = new Scale(1, false);

  private static final int SMALLEST = 8;

  /**
   * The smallest that is no smaller than a model's input: resizing after it has enough to go by.
   * Other files than JPEGs have no scales.
   */
  static Scale of(ImageHeader header, InputSpec input) {
    boolean swaps = header.turned().swaps();
    int width = swaps ? input.height() : input.width();
    int height = swaps ? input.width() : input.height();
    Scale scale = new Scale(header.jpeg().isPresent() ? SMALLEST : 1, input.channels() == 1);
    while (scale.denominator > 1
        && (scale.of(header.width()) < width || scale.of(header.height()) < height)) {
      scale = new Scale(scale.denominator / 2, scale.grey);
    }
    return scale;
  }

  /** What is left of a side. */
  int of(int side) {
    return (side + denominator - 1) / denominator;
  }
}
