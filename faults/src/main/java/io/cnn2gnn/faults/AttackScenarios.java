package io.cnn2gnn.faults;

import com.google.common.math.Quantiles;
import io.cnn2gnn.faults.FailingHost.Manner;
import io.cnn2gnn.faults.Verifier.Place;
import io.cnn2gnn.schemas.avro.ImageFormat;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Writers, hosts and clients who mean ill. Each round counts how old the answers to good images of
 * other partitions are when they can be seen, without the attack and beside it.
 */
final class AttackScenarios {
  /** Where the attacker writes; the cameras write to the others. */
  private static final int ATTACKED = 3;

  private static final String ATTACKER = Feeder.key("attacker", ATTACKED);
  private static final double RATE = 40;
  private static final double SECONDS = 8;

  /**
   * Beyond that multiple of the time without an attack; a machine with neighbours is that much late
   * by itself.
   */
  private static final double TOLERANCE_MILLIS = 3000;

  private AttackScenarios() {}

  /** What goes on beside the good images. */
  interface Attack {
    void strike() throws Exception;
  }

  /** Measures the good images, without and with the attack, in turns. */
  private static void beside(Trial trial, Onlooker onlooker, Attack attack) throws Exception {
    beside(trial, onlooker, 2, attack);
  }

  /** Likewise; images may be so many times as old as without it. */
  static void beside(Trial trial, Onlooker onlooker, double times, Attack attack) throws Exception {
    double quiet = percentile99(onlooker, good(trial));
    List<String> ids = Collections.synchronizedList(new ArrayList<>());
    Thread cameras =
        new Thread(
            () -> {
              try {
                ids.addAll(good(trial));
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    cameras.start();
    attack.strike();
    cameras.join();
    double attacked = percentile99(onlooker, ids);
    trial.figure("p99 without (ms)", quiet);
    trial.figure("p99 beside it (ms)", attacked);
    trial.check(
        attacked <= times * quiet + TOLERANCE_MILLIS,
        "good images waited: p99 %.0f ms, %.0f ms without".formatted(attacked, quiet));
  }

  /** Sends good images to the partitions of others, at a steady rate. */
  private static List<String> good(Trial trial) throws InterruptedException {
    List<String> ids = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < RATE * SECONDS; i++) {
      long due = start + (long) (i * 1e9 / RATE);
      long left = due - System.nanoTime();
      if (left > 0) {
        Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
      }
      String id = trial.feeder().nextId();
      ids.add(id);
      trial.feeder().send(Feeder.key("good", i % ATTACKED), trial.feeder().noise(id));
    }
    return ids;
  }

  private static double percentile99(Onlooker onlooker, List<String> ids)
      throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (onlooker.of(ids).size() < ids.size()) {
      if (System.nanoTime() - deadline >= 0) {
        throw new FaultException(
            "%d of %d good images have no answer"
                .formatted(ids.size() - onlooker.of(ids).size(), ids.size()));
      }
      Thread.sleep(20);
    }
    return Quantiles.percentiles().index(99).compute(onlooker.of(ids));
  }

  private static byte[] image(Trial trial, ImageFormat format, byte[] file) {
    return trial.feeder().image(trial.feeder().nextId(), format, 0, 0, file);
  }

  /** Pictures of a few kilobytes that cost seconds, or hundreds of megabytes. */
  static final class Pictures implements Scenario {
    private static final int SIDE = 2000;
    private Onlooker onlooker;
    private byte[] refused;
    private byte[] dear;
    private byte[] large;

    @Override
    public void prepare(Trial trial) throws Exception {
      refused = CostlyPictures.jpeg(SIDE, 100);
      dear = CostlyPictures.jpeg(SIDE, 20);
      large = CostlyPictures.png(5000);
      trial.setHeap(1024);
      Scenario.super.prepare(trial);
      onlooker = trial.onlooker();
    }

    @Override
    public void round(Trial trial) throws Exception {
      beside(
          trial,
          onlooker,
          () -> {
            for (int i = 0; i < 12; i++) {
              Place place = trial.feeder().place(ATTACKER, image(trial, ImageFormat.JPEG, refused));
              trial.expectRefusal(place, "DECOMPRESSION_BOMB");
            }
            for (int i = 0; i < 6; i++) {
              trial.feeder().send(ATTACKER, image(trial, ImageFormat.JPEG, dear));
              trial.feeder().send(ATTACKER, image(trial, ImageFormat.PNG, large));
            }
          });
      trial.check(trial.services().get(0).isAlive(), "the service died");
    }
  }

  /** Compressed batches of records that do not fit the heap, one by one or together. */
  static final class Batches implements Scenario {
    private static final int MIB = 1 << 20;
    private Onlooker onlooker;
    private RawBatches.Packed huge;
    private RawBatches.Packed large;
    private RawBatches.Packed many;

    @Override
    public void prepare(Trial trial) throws Exception {
      trial.setHeap(256);
      // What follows in its batch is behind it; what is in the next one is not.
      huge = RawBatches.pack(List.of(10, 220 * MIB, 10, 10));
      // One that the heap has room for once is not copied, and what follows it comes.
      large = RawBatches.pack(List.of(100 * MIB, 10));
      many = RawBatches.pack(Collections.nCopies(60, 3 * MIB));
      Scenario.super.prepare(trial);
      onlooker = trial.onlooker();
    }

    @Override
    public void round(Trial trial) throws Exception {
      RawBatches batches = trial.rawBatches();
      beside(
          trial,
          onlooker,
          () -> {
            List<Place> places = batches.send(ATTACKED, huge);
            trial.expectRefusal(
                places.get(0), "NO_MAGIC_BYTE", "CORRUPT_AVRO", "UNKNOWN_SCHEMA_ID");
            for (Place place : places.subList(1, 4)) {
              trial.expectRefusal(place, "RECORD_UNREADABLE");
            }
            trial.feeder().send(ATTACKER, noise(trial));
            List<Place> two = batches.send(ATTACKED, large);
            trial.expectRefusal(two.get(0), "RECORD_UNREADABLE");
            trial.expectRefusal(two.get(1), "UNKNOWN_SCHEMA_ID");
            for (Place place : batches.send(ATTACKED, many)) {
              trial.expectRefusal(place, "RECORD_TOO_LARGE");
            }
            trial.feeder().send(ATTACKER, noise(trial));
          });
      trial.check(trial.services().get(0).isAlive(), "the service died");
    }

    private static byte[] noise(Trial trial) {
      return trial.feeder().noise(trial.feeder().nextId());
    }
  }

  /** References to a host that fails in every way; then it is well again. */
  static final class References implements Scenario {
    private FailingHost host;
    private byte[] file;
    private Onlooker onlooker;
    private int round;

    @Override
    public void prepare(Trial trial) throws Exception {
      file = CostlyPictures.png(32);
      host = new FailingHost(file);
      trial.onClose(
          () -> {
            host.close();
            return null;
          });
      trial.set("cnn2gnn.reference.allow", host.prefix());
      Scenario.super.prepare(trial);
      onlooker = trial.onlooker();
    }

    @Override
    public void round(Trial trial) throws Exception {
      List<Manner> manners =
          List.of(
              Manner.ERROR_500, Manner.SILENT, Manner.ENDLESS, Manner.RESET, Manner.WRONG_LENGTH);
      Manner manner = manners.get(round++ % manners.size());
      Service service = trial.services().get(0);
      host.be(manner);
      beside(
          trial,
          onlooker,
          () -> {
            for (int i = 0; i < 20; i++) {
              byte[] record =
                  trial.feeder().reference(trial.feeder().nextId(), host.prefix() + i, file);
              Place place = trial.feeder().place(ATTACKER, record);
              if (manner == Manner.WRONG_LENGTH || manner == Manner.ENDLESS) {
                trial.expectRefusal(place, "REFERENCE_MISMATCH", "REFERENCE_TOO_LARGE");
              }
            }
            if (manner != Manner.WRONG_LENGTH && manner != Manner.ENDLESS) {
              trial.check(
                  service.await(Duration.ofSeconds(20), false),
                  "it says it is ready while records wait");
            }
          });
      trial.note(manner.toString());
      host.be(Manner.GOOD);
      trial.faultOver();
      service.awaitReady(Trial.READY);
      trial.check(service.logged("a stream thread died") == 0, "a thread died");
    }
  }

  /**
   * A thread that dies gives its partitions to the one in its place, and not its session's time.
   */
  static final class ReplacedThread implements Scenario {
    private static final double MOST_SECONDS = 6;

    @Override
    public void prepare(Trial trial) throws Exception {
      // With Kafka's own a dead member would keep its partitions for as long.
      trial.set("consumer.session.timeout.ms", "45000");
      trial.start("one", List.of(FaultyService.class.getName()), Map.of()).awaitReady(Trial.READY);
    }

    @Override
    public void round(Trial trial) throws Exception {
      Onlooker onlooker = trial.onlooker();
      trial.feeder().send(20, 0.5);
      trial.check(trial.settledWithin(Duration.ofMinutes(1)), "images before it waited");
      String id = FaultyService.HEAP + trial.feeder().nextId();
      long start = System.nanoTime();
      trial.feeder().send(ATTACKER, trial.feeder().noise(id));
      List<String> ids = new ArrayList<>();
      for (int partition = 0; partition < FaultHarness.PARTITIONS; partition++) {
        String next = trial.feeder().nextId();
        ids.add(next);
        trial.feeder().send(Feeder.key("good", partition), trial.feeder().noise(next));
      }
      ids.add(id);
      percentile99(onlooker, ids);
      double seconds = (System.nanoTime() - start) / 1e9;
      trial.figure("until all partitions answer (s)", seconds);
      trial.check(
          seconds < MOST_SECONDS, "partitions waited %.1f s for a dead thread".formatted(seconds));
    }
  }

  /** Clients that never finish a request: the probes are answered, and images too. */
  static final class HttpClients implements Scenario {
    private Onlooker onlooker;

    @Override
    public void prepare(Trial trial) throws Exception {
      Scenario.super.prepare(trial);
      onlooker = trial.onlooker();
    }

    @Override
    public void round(Trial trial) throws Exception {
      Service service = trial.services().get(0);
      beside(
          trial,
          onlooker,
          () -> {
            List<Socket> sockets = new ArrayList<>();
            try {
              for (int i = 0; i < 600; i++) {
                sockets.add(service.beginRequest(i % 2 == 0));
              }
              double worst = 0;
              for (int i = 0; i < 20; i++) {
                long start = System.nanoTime();
                trial.check(service.isReady(), "a probe had no answer beside slow clients");
                worst = Math.max(worst, (System.nanoTime() - start) / 1e6);
                Thread.sleep(100);
              }
              trial.figure("slowest probe (ms)", worst);
            } finally {
              for (Socket socket : sockets) {
                close(socket);
              }
            }
          });
    }

    private static void close(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        // The service has closed it.
      }
    }
  }
}
