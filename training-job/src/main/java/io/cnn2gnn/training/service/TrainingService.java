package io.cnn2gnn.training.service;

import io.cnn2gnn.model.bundle.Bundle;
import io.cnn2gnn.model.bundle.BundleException;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.training.data.DataSet;
import io.cnn2gnn.training.gate.GateResult;
import io.cnn2gnn.training.topic.StreamRange;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a model again and again: waits for the lease, then for a trigger, trains on the range of
 * the stream as it is then, compares the result with the active release, and publishes it.
 *
 * <p>It may be killed at any moment. What is to be trained is written down before the training
 * begins, and taken up again by whoever starts next with the same folder; a release that was
 * published is not published twice.
 */
public final class TrainingService {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingService.class);
  private static final DateTimeFormatter VERSION =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private final String model;
  private final Lease lease;
  private final List<Trigger> triggers;
  private final LabelCounter labels;
  private final TrainingFolder folder;
  private final Trainer trainer;
  private final ReleaseDesk desk;
  private final Pace pace;

  /**
   * When it looks.
   *
   * @param clock names versions and tells when trainings end
   * @param look time between two looks at the triggers
   * @param retry time before it tries again what a broker, a registry or a store has refused
   */
  public record Pace(Clock clock, Duration look, Duration retry) {}

  /**
   * Trains one model for as long as the lease on it is held.
   *
   * @param triggers any of which begins a training
   * @param labels without a new one no training begins: it would give the same model again
   */
  public TrainingService(
      String model,
      Lease lease,
      List<Trigger> triggers,
      LabelCounter labels,
      TrainingFolder folder,
      Trainer trainer,
      ReleaseDesk desk,
      Pace pace) {
    if (triggers.isEmpty()) {
      throw new IllegalArgumentException("nothing would ever begin a training: give a trigger");
    }
    this.model = model;
    this.lease = lease;
    this.triggers = List.copyOf(triggers);
    this.labels = labels;
    this.folder = folder;
    this.trainer = trainer;
    this.desk = desk;
    this.pace = pace;
  }

  /**
   * Runs until it is interrupted.
   *
   * @throws IOException if its folder cannot be read or written
   */
  public void run() throws IOException, InterruptedException {
    while (true) {
      step();
    }
  }

  /** Waits for the lease and for one training, and ends it. */
  void step() throws IOException, InterruptedException {
    long term = lease.awaitHeld();
    try {
      Optional<PendingTraining> begun = folder.pending();
      if (begun.isPresent()) {
        LOG.info("going on with {}:{}, {}", model, begun.get().version(), begun.get().learnsFrom());
      }
      PendingTraining training = begun.isPresent() ? begun.get() : awaitTrigger(term);
      Guarded.during(lease, term, () -> finish(training, term));
    } catch (LeaseLostException e) {
      LOG.warn("{}; nothing is published", e.getMessage());
    } catch (BundleException | KafkaException | RegistryUnavailableException e) {
      LOG.warn("trying again in {}", pace.retry(), e);
      Thread.sleep(pace.retry().toMillis());
    }
  }

  private PendingTraining awaitTrigger(long term)
      throws IOException, BundleException, InterruptedException, LeaseLostException {
    while (true) {
      if (lease.term() != term) {
        throw new LeaseLostException("the lease was lost while waiting for a trigger");
      }
      Optional<LastTraining> last = folder.last();
      for (Trigger trigger : triggers) {
        Optional<String> why = trigger.fired(last);
        if (why.isPresent() && labels.count(last, 1) > 0) {
          return begin(why.get());
        }
      }
      Thread.sleep(pace.look().toMillis());
    }
  }

  private PendingTraining begin(String why)
      throws IOException, BundleException, InterruptedException {
    // The time first: nothing in the range is younger than its name, but for clocks that differ.
    String version = version(pace.clock().instant());
    StreamRange range = trainer.range();
    List<String> classes =
        desk.active(model).map(bundle -> bundle.card().classes()).orElse(List.of());
    PendingTraining training =
        new PendingTraining(version, range.images(), range.labels(), classes, why);
    folder.begin(training);
    LOG.info("training {}:{} on {}: {}", model, version, range, why);
    return training;
  }

  private PendingTraining finish(PendingTraining training, long term)
      throws IOException, BundleException, InterruptedException, LeaseLostException {
    Optional<ModelRelease> before = desk.releases().find(model, training.version());
    if (before.isPresent()) {
      LOG.info("{}:{} was published before", model, training.version());
      folder.end(training, before.get().getCreatedAt());
      return training;
    }
    Optional<Trained> trained = train(training);
    if (trained.isPresent()) {
      Bundle bundle = trained.get().bundle();
      GateResult result = desk.judge(bundle, trained.get().data().test());
      if (!lease.confirm(term)) {
        throw new LeaseLostException("the lease was lost before the release");
      }
      ModelRelease release = desk.publish(bundle, result);
      LOG.info(
          "{}:{} is {}: {}{}",
          model,
          training.version(),
          release.getState(),
          release.getReason(),
          release.getState() == ReleaseState.RETIRED
              ? "; cnn2gnn release promote " + training.version() + " lets it answer all the same"
              : "");
    }
    folder.end(training, pace.clock().instant());
    return training;
  }

  private record Trained(Bundle bundle, DataSet data) {}

  /** Empty if one cannot train on these images; then the next trigger has others. */
  private Optional<Trained> train(PendingTraining training)
      throws IOException, InterruptedException {
    try {
      DataSet data = trainer.read(training);
      Optional<Bundle> done = done(training);
      Bundle bundle =
          done.isPresent()
              ? done.get()
              : trainer.train(training, data, folder.bundle(training), folder.work(training));
      return Optional.of(new Trained(bundle, data));
    } catch (IOException | BundleException | IllegalArgumentException e) {
      LOG.error("{}:{} cannot be trained", model, training.version(), e);
      return Optional.empty();
    }
  }

  /** The bundle, if the training was killed between its last epoch and its release. */
  private Optional<Bundle> done(PendingTraining training) throws IOException {
    if (!Files.exists(folder.bundle(training))) {
      return Optional.empty();
    }
    try {
      return Optional.of(Bundle.read(folder.bundle(training)));
    } catch (BundleException e) {
      LOG.warn("training again", e);
      Files.delete(folder.bundle(training));
      return Optional.empty();
    }
  }

  /** The name of a version that is trained on what there is at a time. */
  public static String version(Instant time) {
    return VERSION.format(time);
  }
}
