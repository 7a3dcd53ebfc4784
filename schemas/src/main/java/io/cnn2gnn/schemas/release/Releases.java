package io.cnn2gnn.schemas.release;

import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How the releases stand after so many records of the models topic. It depends on the last record
 * of each version and the order of those alone, so a reader of the compacted topic comes to the
 * same end as one that has followed it all along.
 */
public final class Releases {
  /** What is measured of a student, most telling first: by the gate, and by its training. */
  private static final List<String> ACCURACY = List.of("gate.candidate.accuracy", "accuracy");

  /** A version's last record and where it stands in its topic. */
  private record Entry(long offset, ModelRelease release) {}

  private final Map<String, Entry> byKey = new HashMap<>();

  /** The key of a version's records. */
  public static String key(String name, String version) {
    return name + ":" + version;
  }

  /** The key of a release's records. */
  public static String key(ModelRelease release) {
    return key(release.getName(), release.getVersion());
  }

  /** The record that moves a release to a state. */
  public static ModelRelease moved(
      ModelRelease release, ReleaseState state, String reason, Instant now) {
    return ModelRelease.newBuilder(release)
        .setState(state)
        .setReason(reason)
        .setAnswered(release.getAnswered() || state == ReleaseState.ACTIVE)
        .setCreatedAt(now.truncatedTo(ChronoUnit.MICROS))
        .build();
  }

  /** Takes in the record at this offset; offsets only grow. */
  public void put(long offset, ModelRelease release) {
    byKey.put(key(release), new Entry(offset, release));
  }

  void remove(String key) {
    byKey.remove(key);
  }

  /** All versions of a model, the one that was spoken of last first. */
  public List<ModelRelease> of(String name) {
    return byKey.values().stream()
        .filter(entry -> entry.release.getName().equals(name))
        .sorted(Comparator.comparingLong(Entry::offset).reversed())
        .map(Entry::release)
        .toList();
  }

  /** The names of all models. */
  public List<String> names() {
    return byKey.values().stream().map(e -> e.release.getName()).distinct().sorted().toList();
  }

  /** One version, whatever its state. */
  public Optional<ModelRelease> find(String name, String version) {
    return Optional.ofNullable(byKey.get(key(name, version))).map(Entry::release);
  }

  /**
   * Where the last record of a version stands in its topic: another record means that somebody has
   * spoken of it since.
   */
  public OptionalLong record(String name, String version) {
    Entry entry = byKey.get(key(name, version));
    return entry == null ? OptionalLong.empty() : OptionalLong.of(entry.offset);
  }

  /**
   * Whether a bundle may be released as this version. A version is one bundle for as long as
   * predictions may name it; one that was refused, or retired before it ever answered, is free.
   */
  public boolean isFree(String name, String version) {
    return find(name, version)
        .map(release -> release.getState() == ReleaseState.RETIRED && !release.getAnswered())
        .orElse(true);
  }

  /** The release that answers: the one that was made active last. */
  public Optional<ModelRelease> active(String name) {
    return in(name, ReleaseState.ACTIVE).stream().findFirst();
  }

  /** The release that answered before, and to which a rollback goes. */
  public Optional<ModelRelease> previous(String name) {
    return in(name, ReleaseState.ACTIVE).stream().skip(1).findFirst();
  }

  /** The release that is tried beside the active one: the last candidate. */
  public Optional<ModelRelease> candidate(String name) {
    return in(name, ReleaseState.CANDIDATE).stream().findFirst();
  }

  /**
   * Whether it was made active and another one answers: of several that were, the last one does,
   * and the one before is kept for a rollback.
   */
  public boolean isReplaced(ModelRelease release) {
    return release.getState() == ReleaseState.ACTIVE
        && !active(release.getName()).equals(Optional.of(release));
  }

  /** Share of held-out images that it answered right, if somebody has measured that. */
  public static Optional<Double> accuracy(ModelRelease release) {
    return ACCURACY.stream()
        .filter(release.getMetrics()::containsKey)
        .findFirst()
        .map(release.getMetrics()::get);
  }

  private List<ModelRelease> in(String name, ReleaseState state) {
    return of(name).stream().filter(release -> release.getState() == state).toList();
  }
}
