package io.cnn2gnn.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;

/** The state directory, and the clock, are not what they were. */
final class StateScenarios {
  private StateScenarios() {}

  /** A file system of half a megabyte that is filled to the last byte while the service runs. */
  static final class DiskFull implements Scenario {
    @Override
    public String obstacle() {
      return Machine.cannotMount();
    }

    @Override
    public void prepare(Trial trial) throws Exception {
      Path mount = Files.createDirectories(trial.stateFolder("one"));
      Machine.mount(mount, "512k");
      trial.onClose(
          () -> {
            Machine.unmount(mount);
            return null;
          });
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      Path ballast = trial.stateFolder("one").resolve("ballast");
      trial.feeder().send(50, 0.2);
      Machine.fill(ballast);
      trial.feeder().send(100, 0.5);
      trial.feeder().flush();
      trial.check(trial.settledWithin(Duration.ofMinutes(1)), "a full disk held up answers");
      trial.services().get(0).kill();
      Files.delete(ballast);
      trial.faultOver();
      trial.startReady("one");
      trial.feeder().send(50, 0.2);
    }
  }

  /** Gone after a kill -9. */
  static final class Deleted implements Scenario {
    @Override
    public void round(Trial trial) throws Exception {
      trial.feeder().send(50 + trial.random().nextInt(50), 0.3);
      trial.services().get(0).kill();
      Machine.delete(trial.stateFolder("one"));
      trial.feeder().send(20, 0.1);
      trial.faultOver();
      trial.startReady("one");
    }
  }

  /** Every file damaged after a kill -9. */
  static final class Flipped implements Scenario {
    @Override
    public void round(Trial trial) throws Exception {
      trial.feeder().send(50 + trial.random().nextInt(50), 0.3);
      trial.services().get(0).kill();
      try (Stream<Path> files = Files.walk(trial.stateFolder("one"))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          byte[] bytes = Files.readAllBytes(file);
          for (int i = 0; i < bytes.length; i += 1 + trial.random().nextInt(16)) {
            bytes[i] ^= (byte) (1 << trial.random().nextInt(8));
          }
          Files.write(file, bytes);
        }
      }
      trial.feeder().send(20, 0.1);
      trial.faultOver();
      trial.startReady("one");
    }
  }

  /**
   * The service's wall clock jumps an hour, forth and back. Set back it ends, for its supervisor to
   * start again.
   */
  static final class ClockJump implements Scenario {
    private static final Duration END = Duration.ofSeconds(30);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Path LIBRARY =
        Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1");
    private Path clock;
    private Map<String, String> environment;
    private boolean ahead;
    private Instant jumped;
    private int ends;

    @Override
    public String obstacle() {
      String lack = Machine.lack(LIBRARY);
      return lack.isEmpty() ? lack : lack + ": install libfaketime";
    }

    @Override
    public void prepare(Trial trial) throws Exception {
      ahead = false;
      clock = trial.folder().resolve("clock");
      Files.writeString(clock, "+0\n");
      environment =
          Map.of(
              "LD_PRELOAD",
              LIBRARY.toString(),
              "FAKETIME_TIMESTAMP_FILE",
              clock.toString(),
              "FAKETIME_CACHE_DURATION",
              "1",
              // Batches are closed by a clock that cannot jump.
              "FAKETIME_DONT_FAKE_MONOTONIC",
              "1",
              // A remedy for older libraries, with which each timed wait would spin here.
              "FAKETIME_FORCE_MONOTONIC_FIX",
              "0");
      start(trial);
    }

    private void start(Trial trial) throws Exception {
      trial.start("one", trial.options().service(), environment).awaitReady(Trial.READY);
    }

    @Override
    public void round(Trial trial) throws Exception {
      Service service = trial.services().get(0);
      trial.underLoad(
          100,
          () -> {
            trial.pause(500, 1500);
            ahead = !ahead;
            jumped = Instant.now();
            Files.writeString(clock, ahead ? "+" + HOUR.toSeconds() + "\n" : "+0\n");
            trial.pause(2500, 3500);
            return null;
          });
      if (ahead) {
        trial.check(service.isAlive(), "the service died of its clock");
        trial.check(
            trial.settledWithin(Duration.ofMinutes(1)) && trial.hasAnswerAfter(jumped.plus(HOUR)),
            "no answer says that the clock jumped");
        return;
      }
      trial.check(service.awaitEnd(END) == 1, "set back, the service did not end with 1");
      ends++;
      trial.check(
          service.logged("cnn2gnn: the wall clock went back by") == ends,
          "it did not say why it ended");
      trial.faultOver();
      start(trial);
    }
  }
}
