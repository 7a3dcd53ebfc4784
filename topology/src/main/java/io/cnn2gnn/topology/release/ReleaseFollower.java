package io.cnn2gnn.topology.release;

import io.cnn2gnn.model.reference.ReferenceUnavailableException;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.schemas.release.Releases;
import io.cnn2gnn.topology.release.Shadow.Finished;
import io.cnn2gnn.topology.release.ShadowConfig.Promotion;
import io.cnn2gnn.topology.retry.Backoff;
import io.cnn2gnn.topology.serving.ActiveModel;
import io.cnn2gnn.topology.serving.ServedModel;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the active model to where the releases of its name stand. The model that answered before
 * stays open, so that a rollback loads nothing.
 *
 * <p>A release that fails changes nothing: what answers goes on, a metric and an event tell of it,
 * and the next record of the topic is tried like any other. One whose bundle is away is tried again
 * with growing pauses, for as long as it is the one wanted. One thread uses this.
 */
final class ReleaseFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReleaseFollower.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** A model and the hash of the bundle it was made of. */
  private record Held(String sha256, ServedModel model) {}

  private final String name;
  private final ActiveModel models;
  private final ReleaseLoader loader;
  private final Shadow shadow;
  private final Consumer<ModelRelease> publisher;
  private final ReleaseNews news;
  private final LongSupplier nanos;
  private final Attempts attempts = new Attempts();
  private final Attempts trials = new Attempts();
  private String activeSha256;
  private Optional<Held> before = Optional.empty();

  /**
   * Follows the releases of a name.
   *
   * @param name of the model
   * @param activeSha256 of the bundle that answers now
   * @param publisher writes what {@link Promotion#RULE} decides to the models topic
   */
  ReleaseFollower(
      String name,
      String activeSha256,
      ActiveModel models,
      ReleaseLoader loader,
      Shadow shadow,
      Consumer<ModelRelease> publisher,
      ReleaseNews news,
      LongSupplier nanos) {
    this.name = name;
    this.activeSha256 = activeSha256;
    this.models = models;
    this.loader = loader;
    this.shadow = shadow;
    this.publisher = publisher;
    this.news = news;
    this.nanos = nanos;
  }

  /** Does what the releases ask for, if anything is left to do. */
  void follow(Releases releases) {
    Optional<ModelRelease> wanted = releases.active(name);
    if (wanted.isPresent() && !hash(wanted.get()).equals(activeSha256)) {
      activate(wanted.get());
    }
    Optional<ModelRelease> candidate = releases.candidate(name);
    if (!candidate.equals(shadow.release())) {
      tryOut(candidate);
    }
    shadow.finished().ifPresent(this::judge);
    news.shadowing(shadow.progress());
  }

  private void judge(Finished finished) {
    if (shadow.promotion() == Promotion.RULE) {
      boolean passed = finished.objection().isEmpty();
      publisher.accept(
          Releases.moved(
              finished.release(),
              passed ? ReleaseState.ACTIVE : ReleaseState.RETIRED,
              "shadow: " + finished.objection().orElseGet(() -> finished.figures().toString()),
              Instant.now()));
    }
    shadow.judged();
    news.shadowed(finished);
  }

  private void activate(ModelRelease release) {
    if (before.isPresent() && before.get().sha256().equals(hash(release))) {
      serve(release, before.get().model().retain(), "back in service");
      return;
    }
    shadow
        .holding(hash(release))
        .or(() -> load(release, attempts))
        .ifPresent(model -> serve(release, model, "in service: " + release.getReason()));
  }

  private void serve(ModelRelease release, ServedModel model, String message) {
    Held leaving = new Held(activeSha256, models.acquire());
    models.replace(model);
    activeSha256 = hash(release);
    before.ifPresent(held -> held.model().close());
    before = Optional.of(leaving);
    Set<String> kept = new HashSet<>(Set.of(activeSha256, leaving.sha256()));
    shadow.release().ifPresent(candidate -> kept.add(hash(candidate)));
    loader.keepOnly(kept);
    news.activated(model.card(), message);
  }

  private void tryOut(Optional<ModelRelease> candidate) {
    shadow.end();
    candidate.ifPresent(
        release -> load(release, trials).ifPresent(model -> shadow.begin(release, model)));
  }

  /** The model of a release; empty if it is not, or not yet, to be had. */
  private Optional<ServedModel> load(ModelRelease release, Attempts attempts) {
    if (!attempts.isDue(release)) {
      return Optional.empty();
    }
    long start = nanos.getAsLong();
    try {
      ServedModel model = loader.load(release);
      LOG.info(
          "{} loaded and warmed up in {} ms",
          model,
          Duration.ofNanos(nanos.getAsLong() - start).toMillis());
      attempts.forget();
      return Optional.of(model);
    } catch (ReferenceUnavailableException e) {
      Duration pause = attempts.later(release);
      LOG.warn(
          "{} cannot be had now: {}; trying again in {} ms",
          Releases.key(release),
          e.getMessage(),
          pause.toMillis());
    } catch (ReleaseRefusedException | RuntimeException e) {
      attempts.never(release);
      news.failed(release, e);
    }
    return Optional.empty();
  }

  private static String hash(ModelRelease release) {
    return release.getBundle().getSha256().toLowerCase(Locale.ROOT);
  }

  @Override
  public void close() {
    shadow.close();
    before.ifPresent(held -> held.model().close());
    before = Optional.empty();
  }

  /** When a record of the topic is tried again, if ever. */
  private final class Attempts {
    private Optional<ModelRelease> last = Optional.empty();
    private boolean given;
    private final Backoff backoff = new Backoff(FIRST_PAUSE, LONGEST_PAUSE);
    private long due;

    boolean isDue(ModelRelease release) {
      if (!last.equals(Optional.of(release))) {
        return true;
      }
      return !given && nanos.getAsLong() - due >= 0;
    }

    Duration later(ModelRelease release) {
      if (!last.equals(Optional.of(release))) {
        backoff.reset();
      }
      Duration pause = backoff.next();
      due = nanos.getAsLong() + pause.toNanos();
      last = Optional.of(release);
      given = false;
      return pause;
    }

    void never(ModelRelease release) {
      last = Optional.of(release);
      given = true;
    }

    void forget() {
      last = Optional.empty();
    }
  }
}
