package io.cnn2gnn.benchmarks.recovery;

import io.cnn2gnn.benchmarks.service.AnswerClock;
import io.cnn2gnn.benchmarks.service.Deployment;
import io.cnn2gnn.benchmarks.service.Feed;
import io.cnn2gnn.benchmarks.service.Schedule;
import io.cnn2gnn.benchmarks.service.ServiceProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/** Of two services under load, the one that has the partition is killed; the other takes over. */
final class FailoverTrial {
  static final int PER_SECOND = 50;

  /** Longer than the transaction timeout of 10 s, as the default is, so that one does not hide. */
  static final int SESSION_SECONDS = 15;

  /** Twice the bank's default size, so that it is full. */
  private static final int BEFORE = 4096;

  /** Longer than the other one needs. */
  private static final int LOAD_SECONDS = 2 * SESSION_SECONDS;

  private static final int SETTLE_MILLIS = 3000;
  private static final int LEAST_MILLIS = 2000;
  private static final int RANDOM_MILLIS = 2000;
  private static final String BANK_ROWS = "cnn2gnn_bank_rows";

  private final List<String> command;
  private final Deployment service;
  private final Map<String, String> settings;
  private final Consumer<String> progress;
  private final Map<String, ServiceProcess> processes = new LinkedHashMap<>();

  FailoverTrial(
      List<String> command,
      Deployment service,
      Map<String, String> settings,
      Consumer<String> progress) {
    this.command = command;
    this.service = service;
    this.settings = new HashMap<>(settings);
    this.settings.put("num.standby.replicas", "1");
    this.settings.put("cnn2gnn.bank.admission", "all");
    this.settings.put("consumer.session.timeout.ms", Integer.toString(SESSION_SECONDS * 1000));
    this.progress = progress;
  }

  /** Seconds of the longest gap between answers, one per round. */
  List<Double> run(int rounds, Random random) throws Exception {
    List<Double> gaps = new ArrayList<>();
    try (Feed feed = new Feed(service);
        AnswerClock answers = new AnswerClock(service)) {
      start("one");
      start("two");
      for (int i = 0; i < BEFORE; i++) {
        feed.send(i, feed.noise(i, random));
      }
      feed.flush();
      answers.await(BEFORE, this::isAnyAlive);
      int sent = BEFORE;
      for (int round = 1; round <= rounds; round++) {
        // The standby catches up.
        Thread.sleep(SETTLE_MILLIS);
        Schedule schedule = Schedule.lasting(System.nanoTime(), PER_SECOND, LOAD_SECONDS);
        int first = sent;
        FutureTask<long[]> load =
            new FutureTask<>(() -> feed.send(schedule, first, i -> feed.noise(first + i, random)));
        Thread sender = new Thread(load, "sender");
        sender.setDaemon(true);
        int moment = LEAST_MILLIS + random.nextInt(RANDOM_MILLIS);
        sender.start();
        Thread.sleep(moment);
        String owner = owner();
        processes.get(owner).kill();
        finish(load);
        feed.flush();
        sent += schedule.count();
        answers.await(sent, this::isAnyAlive);
        double gap = Gaps.longest(answers.arrivals(first, sent)) / 1e9;
        gaps.add(gap);
        progress.accept(
            String.format(
                Locale.ROOT,
                "failover, round %d: %.2f s without an answer, of which %d are the session's",
                round,
                gap,
                SESSION_SECONDS));
        if (round < rounds) {
          start(owner);
        }
      }
    } finally {
      processes.values().forEach(ServiceProcess::close);
    }
    return gaps;
  }

  private static void finish(FutureTask<long[]> load) throws IOException, InterruptedException {
    try {
      load.get();
    } catch (ExecutionException e) {
      throw new IOException("the load broke off: " + e.getCause(), e);
    }
  }

  private void start(String name) throws IOException, InterruptedException {
    ServiceProcess process = ServiceProcess.start(command, service, name, settings);
    processes.put(name, process);
    process.awaitReady();
  }

  private boolean isAnyAlive() {
    return processes.values().stream().anyMatch(ServiceProcess::isAlive);
  }

  /** A bank is open where its task is active; a standby has no more than the store. */
  private String owner() throws IOException, InterruptedException {
    for (Map.Entry<String, ServiceProcess> each : processes.entrySet()) {
      if (each.getValue().endpoints().metric(BANK_ROWS).isPresent()) {
        return each.getKey();
      }
    }
    throw new IOException("none of the services has the partition");
  }
}
