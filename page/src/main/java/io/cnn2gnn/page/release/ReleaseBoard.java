package io.cnn2gnn.page.release;

import io.cnn2gnn.schemas.Printable;
import io.cnn2gnn.schemas.RegistryUnavailableException;
import io.cnn2gnn.schemas.avro.ModelEvent;
import io.cnn2gnn.schemas.avro.ModelRelease;
import io.cnn2gnn.schemas.release.ReleaseControl;
import io.cnn2gnn.schemas.release.ReleaseDecisions;
import io.cnn2gnn.schemas.release.ReleaseDecisions.RefusedException;
import io.cnn2gnn.schemas.release.ReleaseReader;
import io.cnn2gnn.schemas.release.Releases;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;

/**
 * The releases, with their figures, what instances have told of them, and what may be done. Any
 * thread may use it.
 */
public final class ReleaseBoard implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_REASON = 512;

  private final ReleaseControl control;
  private final ReleaseEvents events;
  private Optional<ReleaseReader> reader = Optional.empty();

  /** Connects when somebody looks. */
  public ReleaseBoard(ReleaseControl control, ReleaseEvents events) {
    this.control = control;
    this.events = events;
  }

  /**
   * A release.
   *
   * @param release its name and version as they are shown
   * @param record where its last record is in the topic
   * @param active whether it is what its instances are to answer with
   * @param metrics what its training and the gate have measured
   */
  public record Row(
      String name,
      String version,
      String release,
      long record,
      String state,
      boolean active,
      String since,
      String reason,
      String space,
      String bundle,
      long bytes,
      Optional<Double> accuracy,
      Map<String, Double> metrics,
      List<Told> told,
      List<Offer> offers) {}

  /** What an instance has told. */
  public record Told(
      String kind, String instance, String message, String at, Map<String, Double> metrics) {}

  /**
   * What may be done with it.
   *
   * @param will what that does
   * @param reason what is kept with it, where nobody says more
   */
  public record Offer(String action, String will, String reason) {}

  /**
   * What an operator has decided.
   *
   * @param record the release's last record that the operator has seen; its sentence does not tell
   *     one bundle from another of the same version
   * @param will what it does, as the operator has read it; if either is no longer so, nothing is
   *     done
   * @param by who decides, if that is known
   */
  public record Order(
      String action,
      String name,
      String version,
      long record,
      String will,
      Optional<String> reason,
      Optional<String> by) {}

  /** What was written. */
  public record Written(String release, String state) {}

  /**
   * All releases of all models, those that were spoken of last first.
   *
   * @throws KafkaException if the broker refuses or does not answer
   * @throws RegistryUnavailableException if the registry does not
   */
  public synchronized List<Row> rows() {
    // What the reader has read changes when it reads on, so nobody else may meanwhile.
    Releases releases = releases();
    List<Row> rows = new ArrayList<>();
    for (String name : releases.names()) {
      for (ModelRelease release : releases.of(name)) {
        rows.add(row(releases, release));
      }
    }
    return rows;
  }

  private Row row(Releases releases, ModelRelease release) {
    return new Row(
        release.getName(),
        release.getVersion(),
        Printable.of(Releases.key(release)),
        releases.record(release.getName(), release.getVersion()).orElseThrow(),
        releases.isReplaced(release)
            ? "replaced"
            : release.getState().name().toLowerCase(Locale.ROOT),
        releases.active(release.getName()).equals(Optional.of(release)),
        release.getCreatedAt().toString(),
        Printable.of(release.getReason()),
        Printable.of(release.getSpace()),
        Printable.of(release.getBundle().getUri()),
        release.getBundle().getSize(),
        Releases.accuracy(release),
        shown(release.getMetrics()),
        events.of(Releases.key(release)).stream().map(ReleaseBoard::told).toList(),
        offers(releases, release));
  }

  private static Told told(ModelEvent event) {
    return new Told(
        event.getKind().name().toLowerCase(Locale.ROOT),
        Printable.of(event.getInstance()),
        Printable.of(event.getMessage()),
        event.getAt().toString(),
        shown(event.getMetrics()));
  }

  private static Map<String, Double> shown(Map<String, Double> metrics) {
    Map<String, Double> shown = new TreeMap<>();
    metrics.forEach((metric, value) -> shown.put(Printable.of(metric), value));
    return shown;
  }

  private static List<Offer> offers(Releases releases, ModelRelease release) {
    return Stream.of(Action.values())
        .flatMap(action -> offer(action, releases, release).stream())
        .toList();
  }

  /** Empty where the command would refuse it. */
  private static Optional<Offer> offer(Action action, Releases releases, ModelRelease release) {
    try {
      var unused = action.decide(new ReleaseDecisions(releases, Instant.EPOCH), release, "");
      return Optional.of(
          new Offer(action.word(), action.consequence(releases, release), action.reason()));
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }

  /**
   * Carries a decision out: writes what the command of that name would write.
   *
   * @throws RefusedException if it cannot be done, or would not do what the operator has read
   * @throws KafkaException if the broker refuses or does not answer
   * @throws RegistryUnavailableException if the registry does not
   */
  public synchronized List<Written> carryOut(Order order)
      throws RefusedException, InterruptedException {
    Action action =
        Action.of(order.action())
            .orElseThrow(() -> new RefusedException("promote, rollback or retire?"));
    Releases releases = releases();
    ModelRelease release =
        releases
            .find(order.name(), order.version())
            .orElseThrow(
                () ->
                    new RefusedException(Releases.key(order.name(), order.version()) + " is gone"));
    if (releases.record(order.name(), order.version()).orElseThrow() != order.record()) {
      throw changed();
    }
    String reason = reason(order, action);
    return control
        .carryOut(
            releases,
            decisions -> {
              List<ModelRelease> records = action.decide(decisions, release, reason);
              if (!action.consequence(releases, release).equals(order.will())) {
                throw changed();
              }
              return records;
            })
        .stream()
        .map(one -> new Written(Printable.of(Releases.key(one)), one.getState().name()))
        .toList();
  }

  private static RefusedException changed() {
    return new RefusedException("the releases have changed since: look again at what it will do");
  }

  private static String reason(Order order, Action action) throws RefusedException {
    String reason =
        order.reason().filter(text -> !text.isBlank()).orElse(action.reason())
            + order.by().map(name -> " (" + name + ")").orElse("");
    if (reason.length() > MOST_REASON || !Printable.of(reason).equals(reason)) {
      throw new RefusedException(
          "a reason has at most " + MOST_REASON + " characters, none of them hidden ones");
    }
    return reason;
  }

  private synchronized Releases releases() {
    try {
      if (reader.isEmpty()) {
        reader = Optional.of(control.readers().get());
      }
      return reader.get().readToEnd(PATIENCE);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  @Override
  public synchronized void close() {
    reader.ifPresent(ReleaseReader::close);
    reader = Optional.empty();
  }
}
