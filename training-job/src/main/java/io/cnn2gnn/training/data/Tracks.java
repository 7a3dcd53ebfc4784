package io.cnn2gnn.training.data;

import io.cnn2gnn.intake.files.Split;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which images of a set show one thing, one after the other. Where the data set says it of itself,
 * an image that it does not name is a track of its own. Otherwise the names of files say it, {@code
 * split/CLASS/TRACK_FRAME}, where a frame is a number. Where nearly every class would be one such
 * track, the numbers only count its images, and there are none.
 *
 * @param all the indices of the images of each, in order
 */
public record Tracks(List<int[]> all) {
  private static final Pattern NAME = Pattern.compile("(.+)[_.-](\\d{1,18})(\\.[A-Za-z]+)?");
  private static final int MEAN_LENGTH = 3;

  private record Placed(int image, TrackFrame frame) {}

  public Tracks {
    all = List.copyOf(all);
  }

  /** Those of the images whose class is known. */
  public static Tracks of(ImageSet set) {
    return set.trackFrames().isEmpty() ? named(set) : said(set);
  }

  /** Where each image of a set is in its track; empty of those that are in none. */
  public static List<Optional<TrackFrame>> frames(ImageSet set) {
    List<Optional<TrackFrame>> frames =
        new ArrayList<>(Collections.nCopies(set.size(), Optional.empty()));
    int number = 0;
    for (int[] track : of(set).all()) {
      String name = set.name() + "/" + number++;
      for (int k = 0; k < track.length; k++) {
        frames.set(track[k], Optional.of(new TrackFrame(name, k)));
      }
    }
    return frames;
  }

  private static Tracks said(ImageSet set) {
    List<Placed> placed = new ArrayList<>();
    for (int image : set.labelled()) {
      // No name of a track ends so.
      TrackFrame own = new TrackFrame("\t" + image, 0);
      placed.add(new Placed(image, set.trackFrames().get(image).orElse(own)));
    }
    Tracks tracks = of(set, placed);
    return tracks.all.size() == placed.size() ? new Tracks(List.of()) : tracks;
  }

  private static Tracks named(ImageSet set) {
    List<Placed> placed = new ArrayList<>();
    for (int image : set.labelled()) {
      Optional<TrackFrame> frame = byName(set.id(image));
      if (frame.isEmpty()) {
        return new Tracks(List.of());
      }
      placed.add(new Placed(image, frame.get()));
    }
    Tracks tracks = of(set, placed);
    long classes = placed.stream().map(p -> set.labels()[p.image()]).distinct().count();
    boolean counted = tracks.all.size() < 2 * classes;
    return counted || placed.size() < MEAN_LENGTH * tracks.all.size()
        ? new Tracks(List.of())
        : tracks;
  }

  private static Optional<TrackFrame> byName(String id) {
    Matcher name = NAME.matcher(id.substring(id.lastIndexOf('/') + 1));
    return Split.ofImage(id).isPresent() && name.matches()
        ? Optional.of(new TrackFrame(name.group(1), Long.parseLong(name.group(2))))
        : Optional.empty();
  }

  private static Tracks of(ImageSet set, List<Placed> placed) {
    Map<String, List<Placed>> byTrack = new LinkedHashMap<>();
    for (Placed p : placed) {
      byTrack
          .computeIfAbsent(
              set.labels()[p.image()] + "/" + p.frame().track(), track -> new ArrayList<>())
          .add(p);
    }
    return new Tracks(
        byTrack.values().stream()
            .map(
                frames ->
                    frames.stream()
                        .sorted(Comparator.comparingLong(p -> p.frame().number()))
                        .mapToInt(Placed::image)
                        .toArray())
            .toList());
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }
}
