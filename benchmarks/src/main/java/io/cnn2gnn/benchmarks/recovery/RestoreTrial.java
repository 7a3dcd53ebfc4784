package io.cnn2gnn.benchmarks.recovery;

import io.cnn2gnn.benchmarks.service.AnswerClock;
import io.cnn2gnn.benchmarks.service.Deployment;
import io.cnn2gnn.benchmarks.service.Feed;
import io.cnn2gnn.benchmarks.service.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A service with a full bank is killed, loses its state, and comes back. */
final class RestoreTrial {
  private static final String INSTANCE = "one";
  private static final String EPOCH = "cnn2gnn_bank_epoch";
  private static final Duration POLL = Duration.ofMillis(100);

  private final List<String> command;
  private final Deployment service;
  private final int rows;
  private final Map<String, String> settings;
  private final Consumer<String> progress;

  RestoreTrial(
      List<String> command,
      Deployment service,
      int rows,
      Map<String, String> settings,
      Consumer<String> progress) {
    this.command = command;
    this.service = service;
    this.rows = rows;
    this.settings = new HashMap<>(settings);
    this.settings.put("cnn2gnn.bank.capacity", Integer.toString(rows));
    this.settings.put("cnn2gnn.bank.admission", "all");
    this.progress = progress;
  }

  List<Restore> run(int rounds, Random random) throws Exception {
    fill(random);
    double megabytes = changelogBytes() / 1e6;
    progress.accept(String.format(Locale.ROOT, "recovery: %,d rows are %.1f MB", rows, megabytes));
    List<Restore> restores = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      deleteState();
      try (ServiceProcess process = start()) {
        double ready = process.awaitReady();
        requireFull(process);
        RestoreLog log = RestoreLog.of(process.log(), service.bankChangelog());
        Restore restore = new Restore(ready, log.seconds(), log.readSeconds(), megabytes);
        restores.add(restore);
        progress.accept(
            String.format(
                Locale.ROOT,
                "recovery, round %d: %,d records restored in %.2f s, ready after %.2f s",
                round,
                log.records(),
                restore.restore(),
                ready));
        process.kill();
      }
    }
    return restores;
  }

  private ServiceProcess start() throws IOException {
    return ServiceProcess.start(command, service, INSTANCE, settings);
  }

  private void fill(Random random) throws Exception {
    try (ServiceProcess process = start();
        Feed feed = new Feed(service);
        AnswerClock answers = new AnswerClock(service)) {
      process.awaitReady();
      for (int i = 0; i < rows; i++) {
        feed.send(i, feed.noise(i, random));
      }
      feed.flush();
      // All are committed, and so is what they left in the bank: no transaction is open.
      answers.await(rows, process::isAlive);
      requireFull(process);
      process.kill();
    }
  }

  private void requireFull(ServiceProcess process) throws IOException, InterruptedException {
    double epoch = process.endpoints().metric(EPOCH).orElse(0);
    if (epoch < rows) {
      throw new IOException("the bank has %.0f rows of %d".formatted(epoch, rows));
    }
  }

  /** All but the instance's id, without which the group would wait for the dead one's session. */
  private void deleteState() throws IOException {
    Path state = service.state(INSTANCE).resolve(service.application());
    if (!Files.exists(state)) {
      return; // stores in memory leave nothing
    }
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private long changelogBytes() {
    TopicPartition changelog = new TopicPartition(service.bankChangelog(), 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", service.broker(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(changelog));
      consumer.seekToBeginning(List.of(changelog));
      long end = consumer.endOffsets(List.of(changelog)).get(changelog);
      long bytes = 0;
      while (consumer.position(changelog) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          bytes += record.serializedKeySize() + Math.max(0, record.serializedValueSize());
        }
      }
      return bytes;
    }
  }
}
