package io.cnn2gnn.schemas.release;

import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an operator decides over releases: the records that carry a decision out, to be written in
 * this order.
 *
 * @param releases as they stand
 * @param now when it is decided
 */
public record ReleaseDecisions(Releases releases, Instant now) {
  /** Why, where nobody says more. */
  public static final String PROMOTED = "promoted by hand";

  public static final String ROLLED_BACK = "rolled back by hand";
  public static final String RETIRED = "retired by hand";

  /** A decision cannot be carried out as the releases stand; the message says what could be. */
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /** With what is wrong, and what could be done instead. */
    public RefusedException(String message) {
      super(message);
    }
  }

  /**
   * Lets a release answer from now on.
   *
   * @param version which; if empty, the candidate
   */
  public List<ModelRelease> promote(String name, Optional<String> version, String reason)
      throws RefusedException {
    ModelRelease release;
    if (version.isPresent()) {
      release = find(name, version.get());
    } else {
      release =
          releases
              .candidate(name)
              .orElseThrow(
                  () ->
                      new RefusedException(
                          name + " has no candidate: name the version that is to answer"));
    }
    if (releases.active(name).equals(Optional.of(release))) {
      throw new RefusedException(Releases.key(release) + " is active already");
    }
    return List.of(as(release, ReleaseState.ACTIVE, reason));
  }

  /** Lets the release that was active before answer again, and retires the one that answers now. */
  public List<ModelRelease> rollback(String name, String reason) throws RefusedException {
    ModelRelease active = active(name);
    ModelRelease previous =
        releases
            .previous(name)
            .orElseThrow(
                () ->
                    new RefusedException(
                        Releases.key(active)
                            + " is the only active release of "
                            + name
                            + ": promote a version, and it answers instead"));
    // In this order there is an active release at every moment, and readers see the new one at
    // once.
    return List.of(
        as(previous, ReleaseState.ACTIVE, reason), as(active, ReleaseState.RETIRED, reason));
  }

  /** Takes a release out of use that does not answer. */
  public List<ModelRelease> retire(String name, String version, String reason)
      throws RefusedException {
    ModelRelease release = find(name, version);
    if (releases.active(name).equals(Optional.of(release))) {
      throw new RefusedException(
          Releases.key(release) + " is what answers: roll back, or promote another version, first");
    }
    if (release.getState() == ReleaseState.RETIRED) {
      throw new RefusedException(Releases.key(release) + " is retired already");
    }
    return List.of(as(release, ReleaseState.RETIRED, reason));
  }

  private ModelRelease active(String name) throws RefusedException {
    return releases
        .active(name)
        .orElseThrow(() -> new RefusedException("no release of " + name + " is active"));
  }

  private ModelRelease find(String name, String version) throws RefusedException {
    return releases
        .find(name, version)
        .orElseThrow(
            () ->
                new RefusedException(
                    "%s was never released; versions of %s: %s"
                        .formatted(
                            Releases.key(name, version),
                            name,
                            releases.of(name).stream().map(ModelRelease::getVersion).toList())));
  }

  private ModelRelease as(ModelRelease release, ReleaseState state, String reason) {
    return Releases.moved(release, state, reason, now);
  }
}
