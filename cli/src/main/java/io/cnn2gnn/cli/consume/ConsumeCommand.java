package io.cnn2gnn.cli.consume;

import io.cnn2gnn.cli.kit.CliException;
import io.cnn2gnn.cli.kit.Connection;
import io.cnn2gnn.cli.kit.PredictionConsumer;
import io.cnn2gnn.cli.kit.Terminal;
import io.cnn2gnn.schemas.avro.AnswerSource;
import io.cnn2gnn.schemas.avro.Neighbour;
import io.cnn2gnn.schemas.avro.NeighbourTier;
import io.cnn2gnn.schemas.avro.Prediction;
import io.cnn2gnn.topology.app.AccessTable;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "consume",
    description = "Prints predictions, one a line, as they are committed.",
    mixinStandardHelpOptions = true)
public final class ConsumeCommand implements Callable<Integer> {
  private static final Duration POLL = Duration.ofMillis(200);

  @Mixin private Connection connection;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "where predictions are (default: ${DEFAULT-VALUE})",
      defaultValue = "predictions")
  private String topic;

  @Option(names = "--from-beginning", description = "also those that are there already")
  private boolean fromBeginning;

  @Option(names = "--json", description = "the whole record as JSON")
  private boolean json;

  @Option(
      names = "--images",
      description = "stop after so many, with a progress bar on standard error")
  private Optional<Integer> limit = Optional.empty();

  @Option(names = "--idle-seconds", description = "stop after so long without a prediction")
  private Optional<Integer> idleSeconds = Optional.empty();

  @Override
  public Integer call() throws Exception {
    Map<String, String> properties = connection.properties();
    Connection.check(properties, AccessTable.consume(topic));
    SchemaRegistryClient registry = Connection.registry(properties);
    Optional<ProgressBar> bar =
        limit.map(
            n ->
                new ProgressBarBuilder()
                    .setTaskName("consume")
                    .setInitialMax(n)
                    .setUnit(" img", 1)
                    .build());
    try (PredictionConsumer consumer =
        new PredictionConsumer(properties, registry, topic, List.of(), fromBeginning)) {
      long seen = 0;
      long lastArrival = System.nanoTime();
      while (seen < limit.orElse(Integer.MAX_VALUE)) {
        List<Prediction> arrived = consumer.poll(POLL).predictions();
        for (Prediction p : arrived) {
          if (seen < limit.orElse(Integer.MAX_VALUE)) {
            // Avro's JSON leaves some of what hides as it is; the escapes are JSON's, too.
            Terminal.print(json ? p.toString() : line(p));
            seen++;
          }
        }
        if (!arrived.isEmpty()) {
          System.out.flush();
          lastArrival = System.nanoTime();
          long total = seen;
          bar.ifPresent(b -> b.stepTo(total));
        } else if (idleSeconds.isPresent()
            && System.nanoTime() - lastArrival > idleSeconds.get() * 1_000_000_000L) {
          if (limit.isPresent()) {
            throw new CliException(
                "%d of %d predictions came, then none for %d s"
                    .formatted(seen, limit.get(), idleSeconds.get()));
          }
          break;
        }
      }
    } finally {
      bar.ifPresent(ProgressBar::close);
    }
    return 0;
  }

  /** What is usual, that the model decided, is not said. */
  private static String decidedBy(Prediction p) {
    return p.getDecidedBy() == AnswerSource.STUDENT
        ? ""
        : "  decided by " + p.getDecidedBy().name().toLowerCase(Locale.ROOT);
  }

  /** Another class than the model gives the image alone: its neighbours have changed the answer. */
  private static String insteadOf(Prediction p) {
    return p.getAlone() == null || p.getAlone().getLabel().equals(p.getLabel())
        ? ""
        : "  instead of " + p.getAlone().getLabel();
  }

  static String line(Prediction p) {
    String reasons =
        p.getNeighbours().stream()
            .filter(n -> n.getEvidence() == null || n.getEvidence() > 0)
            .limit(3)
            .map(ConsumeCommand::line)
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%-32s %-14s %5.1f %%  %s%s%s%s",
        p.getImageId(),
        p.getLabel(),
        100 * p.getConfidence(),
        p.getModelVersion(),
        decidedBy(p),
        insteadOf(p),
        reasons.isEmpty() ? "" : "  because of " + reasons);
  }

  private static String line(Neighbour n) {
    Enum<?> where = n.getTier() == NeighbourTier.OTHER ? n.getOrigin() : n.getTier();
    return String.format(
        Locale.ROOT,
        "%s (%s, %s, %s)",
        n.getImageId(),
        n.getLabel(),
        where.name().toLowerCase(Locale.ROOT),
        n.getEvidence() == null
            ? String.format(Locale.ROOT, "%.0f %%", 100 * n.getWeight())
            : String.format(Locale.ROOT, "%+.1f", n.getEvidence()));
  }
}
