package io.cnn2gnn.training.fit;

import java.util.List;

/**
 * Images as a stem sees them.
 *
 * @param v float32 [images, projection], metric vectors
 * @param z float32 [images, classes], what each says of itself
 * @param labels a class of each
 * @param tracks those that show one thing, one after the other; each image is in one
 * @param things what each track shows; a track in another light shows the same
 */
record Frames(float[] v, float[] z, int[] labels, List<int[]> tracks, int[] things) {
  int size() {
    return labels.length;
  }

  /** Nothing is shown by more than one image. */
  boolean hasNoTracks() {
    return tracks.stream().allMatch(track -> track.length == 1);
  }
}
