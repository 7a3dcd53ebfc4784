package io.cnn2gnn.intake.files;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What was found and is not read, counted, so that a user hears of it in one line. */
public final class LeftOut {
  private static final int NAMED = 3;

  /** Why something is not read. */
  public enum Reason {
    HIDDEN("hidden or system file", "hidden or system files"),
    UNREADABLE("folder that may not be read", "folders that may not be read"),
    CIRCLE("link that leads in a circle", "links that lead in a circle"),
    DANGLING("link that cannot be followed", "links that cannot be followed"),
    ESCAPE("entry whose path leads out of the zip", "entries whose paths lead out of the zip"),
    UNREADABLE_FILE("file that cannot be read", "files that cannot be read"),
    MISPLACED(
        "tracks.tsv that does not lie where the set begins",
        "files tracks.tsv that do not lie where the set begins"),
    OTHER("file that is no JPEG, PNG or WebP", "files that are no JPEG, PNG or WebP"),
    OUTSIDE("image outside of the classes", "images outside of the classes"),
    UNUSED("image of a split that is not used", "images of a split that is not used");

    private final String one;
    private final String many;

    Reason(String one, String many) {
      this.one = one;
      this.many = many;
    }
  }

  private final Map<Reason, Tally> tallies = new EnumMap<>(Reason.class);

  private static final class Tally {
    private final List<String> names = new ArrayList<>();
    private long count;
  }

  /**
   * Counts one.
   *
   * @param name of it, or of its kind: each of the first few is told once
   */
  public void add(Reason reason, String name) {
    Tally tally = tallies.computeIfAbsent(reason, none -> new Tally());
    tally.count++;
    if (tally.names.size() <= NAMED && !tally.names.contains(name)) {
      tally.names.add(name);
    }
  }

  public boolean isEmpty() {
    return tallies.isEmpty();
  }

  /** Such as {@code left out 5 hidden or system files (...), 1 folder that may not be read (x)}. */
  @Override
  public String toString() {
    return "left out "
        + tallies.entrySet().stream()
            .map(e -> words(e.getKey(), e.getValue()))
            .collect(Collectors.joining(", "));
  }

  private static String words(Reason reason, Tally tally) {
    List<String> shown = tally.names.subList(0, Math.min(NAMED, tally.names.size()));
    return "%d %s (%s%s)"
        .formatted(
            tally.count,
            tally.count == 1 ? reason.one : reason.many,
            String.join(", ", shown),
            tally.names.size() > NAMED ? ", ..." : "");
  }
}
