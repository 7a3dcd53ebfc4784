package io.cnn2gnn.training.data;

import io.cnn2gnn.model.image.InputSpec;
import java.util.Collections;

/**
 * What images of one kind have in common.
 *
 * @param height rows, 1 to 1024
 * @param width columns, likewise
 * @param channels 1 (grey) or 3
 */
public record Frame(int height, int width, int channels) {
  /** To bring images to; nothing is normalised by it. */
  public InputSpec spec() {
    return new InputSpec(
        height,
        width,
        channels,
        Collections.nCopies(channels, 0f),
        Collections.nCopies(channels, 1f));
  }
}
