package io.cnn2gnn.benchmarks.buffers;

import java.util.List;

/**
 * What a former life accepted and did not answer.
 *
 * @param images in the order of their offsets
 * @param lost offsets whose records cannot be had any more
 */
record LeftOver(List<Held> images, List<Long> lost) {
  static final LeftOver NOTHING = new LeftOver(List.of(), List.of());

  LeftOver {
    images = List.copyOf(images);
    lost = List.copyOf(lost);
  }
}
