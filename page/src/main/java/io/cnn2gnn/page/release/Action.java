package io.cnn2gnn.page.release;

import io.cnn2gnn.schemas.Printable;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.schemas.release.ReleaseDecisions;
import io.cnn2gnn.schemas.release.ReleaseDecisions.RefusedException;
import io.cnn2gnn.schemas.release.Releases;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What may be done with a release, and what that does, in words for who is about to do it. */
public enum Action {
  PROMOTE(ReleaseDecisions.PROMOTED) {
    @Override
    List<ModelRelease> decide(ReleaseDecisions by, ModelRelease release, String reason)
        throws RefusedException {
      return by.promote(release.getName(), Optional.of(release.getVersion()), reason);
    }

    @Override
    String consequence(Releases releases, ModelRelease release) {
      String again =
          release.getState() == ReleaseState.RETIRED
              ? " It was retired: " + Printable.of(release.getReason()) + "."
              : "";
      Optional<ModelRelease> active = releases.active(release.getName());
      if (active.isEmpty()) {
        return "Every instance that follows %s and may fetch it will answer with %s instead of the bundle that it was started with, from one batch to the next. Its bank keeps those rows that are of the same embedding space.%s"
            .formatted(model(release), shown(release), again);
      }
      return "Every instance that follows %s and may fetch it will answer with %s instead of %s, from one batch to the next. %s%s"
          .formatted(
              model(release),
              shown(release),
              shown(active.get()),
              isOfOneSpace(release, active.get())
                  ? SAME_BANK
                  : "Its bank is another one, as it is of another embedding space: prototypes at first, and such rows as are left of a time when it answered before. Labelled images are read again for it.",
              again);
    }
  },

  ROLLBACK(ReleaseDecisions.ROLLED_BACK) {
    @Override
    List<ModelRelease> decide(ReleaseDecisions by, ModelRelease release, String reason)
        throws RefusedException {
      if (!by.releases().active(release.getName()).equals(Optional.of(release))) {
        throw new RefusedException(Releases.key(release) + " is not the active one");
      }
      return by.rollback(release.getName(), reason);
    }

    @Override
    String consequence(Releases releases, ModelRelease release) {
      ModelRelease previous = releases.previous(release.getName()).orElseThrow();
      return "Every instance that follows %s and may fetch it will answer with %s again instead of %s, from one batch to the next, and %s is retired. %s"
          .formatted(
              model(release),
              shown(previous),
              shown(release),
              shown(release),
              isOfOneSpace(release, previous)
                  ? SAME_BANK
                  : "Its bank is what is left of its rows, as it is of another embedding space.");
    }
  },

  RETIRE(ReleaseDecisions.RETIRED) {
    @Override
    List<ModelRelease> decide(ReleaseDecisions by, ModelRelease release, String reason)
        throws RefusedException {
      return by.retire(release.getName(), release.getVersion(), reason);
    }

    @Override
    String consequence(Releases releases, ModelRelease release) {
      Optional<ModelRelease> here = Optional.of(release);
      if (releases.candidate(release.getName()).equals(here)) {
        return "No instance tries %s any more. Images are answered as before."
            .formatted(shown(release));
      }
      return releases.previous(release.getName()).equals(here)
          ? "A rollback will not go back to %s any more. Images are answered as before."
              .formatted(shown(release))
          : "%s stays out of use. Images are answered as before.".formatted(shown(release));
    }
  };

  private static final String SAME_BANK =
      "Its bank is the same, as both are of one embedding space.";

  private final String reason;

  Action(String reason) {
    this.reason = reason;
  }

  /** The records that carry it out. */
  abstract List<ModelRelease> decide(ReleaseDecisions by, ModelRelease release, String reason)
      throws RefusedException;

  /** What it will do, if it is not refused. */
  abstract String consequence(Releases releases, ModelRelease release);

  /** Why, where nobody says more. */
  String reason() {
    return reason;
  }

  /** By the word that the command has for it. */
  static Optional<Action> of(String word) {
    for (Action action : values()) {
      if (action.word().equals(word)) {
        return Optional.of(action);
      }
    }
    return Optional.empty();
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  private static String model(ModelRelease release) {
    return Printable.of(release.getName());
  }

  private static String shown(ModelRelease release) {
    return Printable.of(Releases.key(release));
  }

  private static boolean isOfOneSpace(ModelRelease one, ModelRelease other) {
    return one.getSpace().equals(other.getSpace());
  }
}
