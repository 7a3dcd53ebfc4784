package io.cnn2gnn.cli.train;

import io.cnn2gnn.intake.InputFormat;
import io.cnn2gnn.schemas.avro.ReleaseState;
import io.cnn2gnn.topology.flow.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of training from a topic: which images, against which model, released where. */
public final class StreamFlags {
  /** What may become of a bundle that passes the gate. */
  public enum Release {
    CANDIDATE,
    ACTIVE;

    public ReleaseState state() {
      return this == ACTIVE ? ReleaseState.ACTIVE : ReleaseState.CANDIDATE;
    }
  }

  @Option(
      names = "--from-topic",
      paramLabel = "TOPIC",
      description = "train on a topic's images; --data is then learned from beside them")
  Optional<String> topic = Optional.empty();

  @Option(
      names = "--topic-format",
      paramLabel = "FORMAT",
      defaultValue = "avro",
      description = "what the topic's values are, avro or raw, as cnn2gnn.input.format says it")
  InputFormat format;

  @Option(
      names = "--labels-topic",
      paramLabel = "TOPIC",
      description =
          "what people say of the images, if it is there; it wins over the labels in the images'"
              + " records (default: labels; for another topic than images, TOPIC.labels)")
  private Optional<String> labelsTopic = Optional.empty();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      defaultValue = "earliest",
      description = "earliest, 2026-11-25T10:00:00Z, or a duration before now: PT2H, P7D")
  String since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "likewise, or latest (default): where the topic ends at the start")
  Optional<String> until = Optional.empty();

  @Option(
      names = "--held-out",
      paramLabel = "SHARE",
      defaultValue = "0.2",
      description =
          "share of the images, by a salted hash of source and id, that is measured on, never"
              + " learned from")
  double heldOut;

  @Option(
      names = "--held-out-salt",
      paramLabel = "FILE",
      description =
          "what decides beside source and id which ones that are; made at random if it is not there"
              + " (default: held-out.salt in --work; without --work --teacher-seed, which is no"
              + " secret)")
  Optional<Path> salt = Optional.empty();

  @Option(
      names = "--min-class-images",
      paramLabel = "N",
      defaultValue = "20",
      description =
          "a class that fewer labelled images of the topic have is left out, unless --data has it")
  int minClassImages;

  @Option(
      names = "--max-images",
      paramLabel = "N",
      defaultValue = "200000",
      description = "images held in memory, the newest")
  int maxImages;

  @Option(
      names = "--active",
      paramLabel = "BUNDLE",
      description = "compare with this bundle, and exit with 1 if the new one is refused")
  Optional<Path> active = Optional.empty();

  @Mixin GateFlags gate;

  @Option(
      names = "--release",
      paramLabel = "STATE",
      description = "write what passes to the models topic, as ${COMPLETION-CANDIDATES}")
  Optional<Release> release = Optional.empty();

  @Mixin StoreFlags store;

  @Option(
      names = "--models-topic",
      paramLabel = "TOPIC",
      defaultValue = "models",
      description = "where releases are (default: ${DEFAULT-VALUE})")
  String modelsTopic;

  @Option(
      names = "--events-topic",
      paramLabel = "TOPIC",
      defaultValue = "models.events",
      description = "where services tell of drift (default: ${DEFAULT-VALUE})")
  String eventsTopic;

  @Option(
      names = "--continuously",
      description = "train again at each of the triggers below, as a service")
  boolean continuously;

  @Option(
      names = "--every-labelled",
      paramLabel = "N",
      description = "when so many images were labelled since the last training")
  Optional<Integer> everyLabelled = Optional.empty();

  @Option(
      names = "--every",
      paramLabel = "DURATION",
      description = "so long after the last training, such as PT12H, if an image was labelled")
  Optional<Duration> every = Optional.empty();

  @Option(
      names = "--on-drift",
      description = "when a service tells of drift, if an image was labelled")
  boolean onDrift;

  /** What is wrong with how they are put together; empty if nothing is. */
  Optional<String> mistake() {
    boolean triggers = everyLabelled.isPresent() || every.isPresent() || onDrift;
    if (topic.isEmpty()) {
      List<String> alone = new ArrayList<>();
      active.ifPresent(x -> alone.add("--active"));
      release.ifPresent(x -> alone.add("--release"));
      if (store.isGiven()) {
        alone.add("--store");
      }
      if (continuously) {
        alone.add("--continuously");
      }
      return alone.isEmpty()
          ? Optional.empty()
          : Optional.of(String.join(", ", alone) + " needs --from-topic");
    }
    if (labelsTopic().equals(topic.get())) {
      return Optional.of("--labels-topic must be another topic than --from-topic");
    }
    if (continuously && !triggers) {
      return Optional.of(
          "--continuously needs a trigger: --every-labelled N, --every DURATION or --on-drift");
    }
    if (!continuously && triggers) {
      return Optional.of("--every-labelled, --every and --on-drift need --continuously");
    }
    if (continuously && until.isPresent()) {
      return Optional.of("--until is for a single run; --continuously trains on all there is");
    }
    if ((continuously || release.isPresent()) && !store.isGiven()) {
      return Optional.of("a release needs --store FOLDER, from which services fetch its bundle");
    }
    return Optional.empty();
  }

  /** Where labels of the topic's images are. */
  String labelsTopic() {
    return labelsTopic.orElseGet(() -> TopicNames.labelsOf(topic.orElseThrow()));
  }
}
