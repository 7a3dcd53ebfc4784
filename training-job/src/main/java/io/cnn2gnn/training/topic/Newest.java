package io.cnn2gnn.training.topic;

import io.cnn2gnn.intake.ImageName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The newest images, each name once, as of its last record. What it holds in the end does not
 * depend on the order in which they came.
 */
final class Newest {
  private final int limit;
  private final Map<ImageName, StreamImage> byName = new HashMap<>();
  private final TreeSet<StreamImage> byAge = new TreeSet<>(StreamImage.BY_AGE);
  private long dropped;

  Newest(int limit) {
    this.limit = limit;
  }

  void add(StreamImage image) {
    StreamImage known = byName.get(image.name());
    if (known != null && StreamImage.BY_AGE.compare(known, image) > 0) {
      return;
    }
    if (known != null) {
      byAge.remove(known);
    }
    byName.put(image.name(), image);
    byAge.add(image);
    if (byAge.size() > limit) {
      byName.remove(byAge.pollFirst().name());
      dropped++;
    }
  }

  /** How often an older image had to go. */
  long dropped() {
    return dropped;
  }

  List<StreamImage> byHash() {
    return byName.values().stream().sorted(StreamImage.BY_HASH).toList();
  }
}
