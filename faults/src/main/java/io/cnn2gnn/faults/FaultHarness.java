package io.cnn2gnn.faults;

import io.cnn2gnn.faults.Verifier.TopicSet;
import io.cnn2gnn.localstack.FreePort;
import io.cnn2gnn.localstack.LocalStack;
import io.cnn2gnn.localstack.LocalStackConfig;
import io.cnn2gnn.schemas.SchemaRegistries;
import io.cnn2gnn.topology.flow.TopicNames;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Breaks real processes and has an independent {@link Verifier} say whether the promises held. The
 * broker, the registry and the services are child JVMs on free loopback ports; nothing else is ever
 * signalled, and all of them end with this process.
 */
public final class FaultHarness {
  static final int PARTITIONS = 4;
  private static final int RECORD_LIMIT = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(FaultHarness.class);

  private final FaultOptions options;
  private final Consumer<String> progress;

  /**
   * Prepares the rows that the options choose; nothing is started yet.
   *
   * @param progress is told in a line what goes on
   */
  public FaultHarness(FaultOptions options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  /** Runs the rows; the results come as they are made. */
  public List<RowResult> run(Consumer<RowResult> done) throws Exception {
    LocalStackConfig config =
        new LocalStackConfig(
            Optional.of(options.work().resolve("stack")),
            true,
            // They come back to where they were, and others connect meanwhile.
            FreePort.find(),
            FreePort.find(),
            Duration.ofMinutes(3),
            // An hour of transactions and tombstones must not fill the disk.
            Map.of("log.segment.bytes", Integer.toString(64 << 20)));
    List<RowResult> results = new ArrayList<>();
    try (LocalStack stack = LocalStack.start(config);
        Brokers brokers = new Brokers(stack, options.work(), progress)) {
      for (Row row : options.rows()) {
        RowResult result = run(stack, brokers, row);
        results.add(result);
        done.accept(result);
      }
    }
    return results;
  }

  private RowResult run(LocalStack stack, Brokers brokers, Row row) throws Exception {
    Scenario scenario = row.scenario();
    String lack = row.setup().obstacle();
    String obstacle = lack.isEmpty() ? scenario.obstacle() : lack;
    if (!obstacle.isEmpty()) {
      return RowResult.skipped(row, obstacle);
    }
    int rounds = row.isTimed() ? 1 : options.rounds();
    Trial opened;
    try {
      opened = open(stack, brokers.of(row), row);
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      LOG.error("{} did not get what it needs", row.title(), e);
      return RowResult.failed(row, "the row did not get what it needs: " + e);
    }
    try (Trial trial = opened) {
      int done = 0;
      try {
        progress.accept("%s: starting".formatted(row.title()));
        scenario.prepare(trial);
        for (; done < rounds && !trial.isBroken(); done++) {
          progress.accept("%s: round %d of %d".formatted(row.title(), done + 1, rounds));
          scenario.round(trial);
          trial.settle();
        }
        scenario.finish(trial);
      } catch (InterruptedException e) {
        throw e;
      } catch (FaultException e) {
        trial.check(false, e.getMessage());
      } catch (Exception e) {
        // The other rows may still tell something.
        LOG.error("{} broke off", row.title(), e);
        trial.check(false, "the row broke off: " + e);
      }
      return trial.result(done);
    }
  }

  private Trial open(LocalStack stack, Optional<Cluster> cluster, Row row)
      throws IOException, InterruptedException, ExecutionException {
    String broker = cluster.isPresent() ? cluster.get().bootstrapServers() : stack.broker().get();
    String registryUrl = stack.registry().get().toString();
    String name = row.title();
    TopicSet topics = new TopicSet(name + ".images", name + ".predictions", name + ".dead-letters");
    Map<String, Object> connection = new HashMap<>(Map.of("bootstrap.servers", broker));
    try (Admin admin = Admin.create(connection)) {
      List<NewTopic> wanted = new ArrayList<>();
      for (String topic : List.of(topics.images(), topics.predictions(), topics.deadLetters())) {
        // Larger than the service's limit, so that oversized records can reach it.
        wanted.add(
            // As many replicas as there are brokers: their default.
            new NewTopic(topic, Optional.of(PARTITIONS), Optional.empty())
                .configs(Map.of("max.message.bytes", Integer.toString(4 * RECORD_LIMIT))));
      }
      wanted.add(
          new NewTopic(name + ".models", Optional.of(1), Optional.empty())
              .configs(Map.of("cleanup.policy", "compact")));
      admin.createTopics(wanted).all().get();
    }
    Map<String, String> settings = new HashMap<>();
    settings.put("bootstrap.servers", broker);
    settings.put("schema.registry.url", registryUrl);
    settings.put("application.id", name);
    settings.put("cnn2gnn.model.bundle", options.bundle().toAbsolutePath().toString());
    settings.put("cnn2gnn.topic.images", topics.images());
    settings.put("cnn2gnn.topic.predictions", topics.predictions());
    settings.put("cnn2gnn.topic.dead.letters", topics.deadLetters());
    settings.put("cnn2gnn.topic.models", name + ".models");
    settings.put("cnn2gnn.topic.model.events", name + ".models.events");
    settings.put(
        "cnn2gnn.topic.label.outcomes",
        TopicNames.outcomesOf(TopicNames.labelsOf(topics.images())));
    settings.put("cnn2gnn.record.max.bytes", Integer.toString(RECORD_LIMIT));
    settings.put("cnn2gnn.bank.admission", "all");
    settings.put("cnn2gnn.bank.capacity", "256");
    settings.put("consumer.session.timeout.ms", "10000");
    SchemaRegistryClient registry =
        SchemaRegistries.create(Map.of("schema.registry.url", registryUrl));
    return new Trial(row, options, stack, cluster, registry, connection, settings, topics);
  }
}
