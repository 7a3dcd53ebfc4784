package io.cnn2gnn.model.image;

import java.io.IOException;

/**
 * How stored pixels are turned to stand upright, in the order of EXIF's Orientation, from 1 on: a
 * phone stores what its sensor sees, and beside it how the phone was held.
 */
enum Turn {
  NONE,
  MIRRORED,
  HALF,
  UPSIDE_DOWN_MIRRORED,
  TRANSPOSED,
  CLOCKWISE,
  TRANSVERSE,
  COUNTERCLOCKWISE;

  /** That of an Orientation; none where there is no such one. */
  static Turn of(int orientation) {
    return orientation >= 1 && orientation <= values().length ? values()[orientation - 1] : NONE;
  }

  /** Whether rows become columns. */
  boolean swaps() {
    return compareTo(TRANSPOSED) >= 0;
  }

  /** The picture upright. */
  Pixels of(Pixels stored, Deadline deadline) throws IOException {
    if (this == NONE) {
      return stored;
    }
    int w = stored.width();
    int h = stored.height();
    int channels = stored.channels();
    int width = swaps() ? h : w;
    int height = swaps() ? w : h;
    byte[] samples = new byte[stored.samples().length];
    int at = 0;
    for (int y = 0; y < height; y++) {
      deadline.check();
      for (int x = 0; x < width; x++) {
        int from =
            channels
                * switch (this) {
                  case NONE -> y * w + x;
                  case MIRRORED -> y * w + w - 1 - x;
                  case HALF -> (h - 1 - y) * w + w - 1 - x;
                  case UPSIDE_DOWN_MIRRORED -> (h - 1 - y) * w + x;
                  case TRANSPOSED -> x * w + y;
                  case CLOCKWISE -> (h - 1 - x) * w + y;
                  case TRANSVERSE -> (h - 1 - x) * w + w - 1 - y;
                  case COUNTERCLOCKWISE -> x * w + w - 1 - y;
                };
        for (int c = 0; c < channels; c++) {
          samples[at++] = stored.samples()[from + c];
        }
      }
    }
    return new Pixels(width, height, channels, samples);
  }
}
