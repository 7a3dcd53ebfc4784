package io.cnn2gnn.training.topic;

import io.cnn2gnn.intake.ImageName;
import io.cnn2gnn.training.data.TrackFrame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The tracks of a stream: what one source shows one after the other under one label. A source's
 * images that nobody labelled are passed over. Where labels change with nearly every image there
 * are no tracks, and none where hardly any label comes back: then images were sent class by class.
 */
final class Runs {
  private static final int MEAN_LENGTH = 3;

  private Runs() {}

  /** Of each labelled image that has a source; empty where the stream has no tracks. */
  static Map<ImageName, TrackFrame> of(Collection<StreamImage> images) {
    Map<String, List<StreamImage>> bySource =
        images.stream()
            .filter(image -> image.label().isPresent() && image.name().source().isPresent())
            .sorted(StreamImage.BY_AGE)
            .collect(Collectors.groupingBy(Runs::source, TreeMap::new, Collectors.toList()));
    Map<ImageName, TrackFrame> frames = new HashMap<>();
    int runs = 0;
    for (Map.Entry<String, List<StreamImage>> source : bySource.entrySet()) {
      Optional<String> last = Optional.empty();
      long number = 0;
      for (StreamImage image : source.getValue()) {
        if (!image.label().equals(last)) {
          last = image.label();
          runs++;
        }
        frames.put(image.name(), new TrackFrame(source.getKey() + "/" + runs, number++));
      }
    }
    long classes =
        bySource.values().stream().flatMap(List::stream).map(StreamImage::label).distinct().count();
    return frames.size() < MEAN_LENGTH * runs || runs < 2 * classes ? Map.of() : frames;
  }

  private static String source(StreamImage image) {
    return new ImageName(image.name().source(), "").digest();
  }

  /** As a set has them; empty where none of its images is in a track. */
  static List<Optional<TrackFrame>> of(
      List<StreamImage> images, Map<ImageName, TrackFrame> frames) {
    List<Optional<TrackFrame>> own = new ArrayList<>();
    images.forEach(image -> own.add(Optional.ofNullable(frames.get(image.name()))));
    return own.stream().allMatch(Optional::isEmpty) ? List.of() : own;
  }
}
