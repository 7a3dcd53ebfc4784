package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.benchmarks.service.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Topics of one partition that are full, and contestants that work them off one after another.
 *
 * @param records on a topic
 * @param seconds of each contestant, at most
 */
record Race(TestBed bed, Admin admin, int records, double seconds) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MAX_REQUEST = 8 << 20;

  /** Makes a contestant and has it begin. */
  @FunctionalInterface
  interface Start {
    Peer peer(Setup setup) throws Exception;
  }

  void create(String topic) throws ExecutionException, InterruptedException {
    admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
  }

  void fill(String topic, IntFunction<byte[]> values) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                bed.broker(),
                "linger.ms",
                5,
                "batch.size",
                256 << 10,
                "max.request.size",
                MAX_REQUEST),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < records; i++) {
        var unused = producer.send(new ProducerRecord<>(topic, values.apply(i)));
      }
      producer.flush();
    }
  }

  /** How fast it works off its topic. */
  Rate run(String title, Setup setup, Start start) throws Exception {
    create(setup.output());
    try (Output output = new Output(bed.broker(), setup.output());
        Peer peer = start.peer(setup)) {
      long last = System.nanoTime();
      while (output.count() < records && output.seconds() < seconds) {
        peer.requireAlive();
        if (output.poll() > 0) {
          last = System.nanoTime();
        } else if (System.nanoTime() - last > PATIENCE.toNanos()) {
          throw new IOException(
              "%s gave %d answers, and then none".formatted(title, output.count()));
        }
      }
      return output.rate();
    } finally {
      admin.deleteTopics(List.of(setup.output())).all().get();
    }
  }

  /** One contestant in one round; the name of its output is of that round alone. */
  @FunctionalInterface
  interface Trial<E> {
    Rate of(E contestant, String output) throws Exception;
  }

  /** What is told of a trial. */
  @FunctionalInterface
  interface Line<E> {
    String of(String round, E contestant, Rate rate);
  }

  /**
   * Every contestant in every round, in an order of chance within each, so that a busy machine is
   * busy for all. The first round does not count.
   *
   * @param name what outputs begin with
   * @param seed of the orders
   * @return one rate per round that counts
   */
  <E extends Enum<E>> Map<E, List<Rate>> rounds(
      String name, List<E> contestants, int rounds, long seed, Trial<E> trial, Line<E> line)
      throws Exception {
    Map<E, List<Rate>> rates = new TreeMap<>();
    for (int round = 0; round <= rounds; round++) {
      List<E> order = new ArrayList<>(contestants);
      Collections.shuffle(order, new Random(seed + round));
      for (E contestant : order) {
        String output =
            "%s-%s-%d".formatted(name, contestant.name().toLowerCase(Locale.ROOT), round);
        Rate rate = trial.of(contestant, output);
        if (round > 0) {
          rates.computeIfAbsent(contestant, any -> new ArrayList<>()).add(rate);
        }
        bed.progress().accept(line.of(round == 0 ? "warm-up" : "round " + round, contestant, rate));
      }
    }
    return rates;
  }
}
