package io.cnn2gnn.faults;

import io.cnn2gnn.faults.Verifier.Place;
import io.cnn2gnn.schemas.avro.ImageFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The ends of a process. */
final class KillScenarios {
  private KillScenarios() {}

  /** kill -9 while part of a batch waits, its offsets committed. */
  static final class BatchPartFull implements Scenario {
    @Override
    public void prepare(Trial trial) throws Exception {
      trial.set("cnn2gnn.batch.max.wait.ms", "2000");
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      trial.feeder().send(5 + trial.random().nextInt(50), 0.2);
      trial.pause(0, 1500);
      trial.services().get(0).kill();
      trial.faultOver();
      trial.feeder().send(10, 0.1);
      trial.startReady("one");
    }
  }

  /** kill -9 when answers are written but their transaction is not committed. */
  static final class BeforeCommit implements Scenario {
    @Override
    public void prepare(Trial trial) throws Exception {
      trial.set("commit.interval.ms", "1500");
      trial.set("cnn2gnn.commit.min.interval.ms", "1500");
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      trial.feeder().send(60 + trial.random().nextInt(60), 0.3);
      trial.awaitUncommittedAnswers();
      trial.services().get(0).kill();
      trial.faultOver();
      trial.startReady("one");
    }
  }

  /** SIGTERM with part of a batch, which is answered before the process ends. */
  static final class TermDrains implements Scenario {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 20;
    private double slowest;

    @Override
    public void prepare(Trial trial) throws Exception {
      trial.set("cnn2gnn.batch.max.wait.ms", Long.toString(LONGEST_WAIT.toMillis()));
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      int images = 5 + trial.random().nextInt(40);
      trial.feeder().send(images, 0.2);
      trial.feeder().flush();
      Service service = trial.services().get(0);
      awaitPending(service, images);
      trial.pause(0, 500);
      slowest = Math.max(slowest, service.terminate(LONGEST));
      trial.check(trial.settledWithin(LONGEST), "SIGTERM left images for the next start");
      trial.startReady("one");
    }

    /** What a busy machine has not read yet is nobody's batch. */
    private static void awaitPending(Service service, int images) throws InterruptedException {
      long deadline = System.nanoTime() + LONGEST_WAIT.toNanos() / 2;
      while (service.metric("cnn2gnn_images_pending", "").orElse(0) < images) {
        if (System.nanoTime() - deadline >= 0) {
          throw new FaultException("the service did not take " + images + " images");
        }
        Thread.sleep(POLL_MILLIS);
      }
    }

    @Override
    public void finish(Trial trial) {
      trial.note("slowest stop %.1f s".formatted(slowest));
    }
  }

  /**
   * A picture in whose decoding the process crashes, each time: twice, and then it is a dead
   * letter. The crash is a signal sent as soon as the service's own journal says that it is at it.
   */
  static final class InDecoder implements Scenario {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int SIDE = 3400;
    private static final int SLOT = 512;
    private static final long POLL_MILLIS = 5;
    private static final Pattern JOURNAL = Pattern.compile("decoding-[0-9a-f-]+$");
    private byte[] slow;
    private int suspects;

    @Override
    public void prepare(Trial trial) throws Exception {
      slow = CostlyPictures.png(SIDE);
      trial.setNoCoreFiles();
      Scenario.super.prepare(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      Feeder feeder = trial.feeder();
      feeder.send(20, 0.2);
      Place place =
          feeder.place("camera-0", feeder.image(feeder.nextId(), ImageFormat.PNG, 0, 0, slow));
      trial.expectRefusal(place, "DECODER_CRASHED");
      feeder.send(20, 0.2);
      String record = "-%d@%d of ".formatted(place.partition(), place.offset());
      crashWhileDecoding(trial, record);
      // It is at the picture before it is ready, and not before it has read what its last run left.
      awaitSuspect(trial.start("one"), ++suspects);
      crashWhileDecoding(trial, record);
      trial.faultOver();
      trial.startReady("one");
    }

    private static void awaitSuspect(Service service, int suspects) throws Exception {
      long deadline = System.nanoTime() + LONGEST.toNanos();
      while (service.logged("it is tried by itself") < suspects) {
        if (System.nanoTime() - deadline >= 0) {
          throw new FaultException("the service suspects no record");
        }
        Thread.sleep(POLL_MILLIS);
      }
    }

    private static void crashWhileDecoding(Trial trial, String record) throws Exception {
      Service service = trial.services().get(0);
      long deadline = System.nanoTime() + LONGEST.toNanos();
      while (!isDecoding(trial.stateFolder("one"), record)) {
        if (System.nanoTime() - deadline >= 0) {
          throw new FaultException("the picture was not being decoded");
        }
      }
      service.signal("SEGV");
      trial.check(service.awaitEnd(LONGEST) != 0, "a signal did not end the process");
    }

    /** In the folder of the instance alone: files of stores come and go. */
    private static List<Path> journals(Path state) throws IOException {
      try (Stream<Path> folders = Files.list(state)) {
        for (Path folder : folders.filter(f -> f.toString().endsWith("-instance")).toList()) {
          try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> JOURNAL.matcher(f.toString()).find()).toList();
          }
        }
      }
      return List.of();
    }

    /** What a slot held before the present record is cut off by its length. */
    private static boolean isDecoding(Path state, String record) throws IOException {
      for (Path journal : journals(state)) {
        ByteBuffer slots = ByteBuffer.wrap(Files.readAllBytes(journal));
        for (int slot = 0; slot + SLOT <= slots.limit(); slot += SLOT) {
          String text =
              new String(
                  slots.array(),
                  slot + Short.BYTES,
                  Math.min(slots.getShort(slot), SLOT - Short.BYTES),
                  StandardCharsets.UTF_8);
          if (text.contains(record)) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
