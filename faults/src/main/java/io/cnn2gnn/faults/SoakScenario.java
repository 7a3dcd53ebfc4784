package io.cnn2gnn.faults;

import io.cnn2gnn.localstack.LocalStack.Server;
import io.cnn2gnn.schemas.avro.ImageFormat;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * Random faults for a long time. One instance is killed and frozen over and over; the other one
 * lives through all of it, and neither what is alive on its heap nor its resident memory may grow;
 * the latter also holds garbage that the JVM has not had to collect yet.
 */
final class SoakScenario implements Scenario {
  private static final String SURVIVOR = "survivor";
  private static final String VICTIM = "victim";

  /** Does not fit the heap of a service. */
  private static final int HUGE = 230 << 20;

  private static final int LARGE = 3 << 20;
  private static final double RATE = 60;
  private static final double MOST_GROWTH_MEGABYTES = 100;
  private static final double MOST_LIVE_GROWTH_MEGABYTES = 10;

  private final boolean attacks;
  private byte[] costly;
  private RawBatches.Packed huge;
  private RawBatches.Packed large;
  private int made;

  /**
   * A soak.
   *
   * @param attacks whether writers mean ill, beside the faults
   */
  SoakScenario(boolean attacks) {
    this.attacks = attacks;
  }

  @Override
  public void prepare(Trial trial) throws Exception {
    if (attacks) {
      costly = CostlyPictures.jpeg(2000, 100);
      huge = RawBatches.pack(List.of(10, HUGE, 10));
      large = RawBatches.pack(Collections.nCopies(40, LARGE));
      // Resident from the start: what grows beside it is not garbage that attacks left.
      trial.setResidentHeap(320);
    }
    trial.set("num.standby.replicas", "1");
    trial.start(SURVIVOR);
    trial.start(VICTIM);
    for (Service service : trial.services()) {
      service.awaitReady(Trial.READY);
    }
  }

  @Override
  public void round(Trial trial) throws Exception {
    Service survivor = trial.services().get(0);
    long start = System.nanoTime();
    long length = trial.options().soak().toNanos();
    int faults = 0;
    double before = Double.NaN;
    double liveBefore = Double.NaN;
    while (System.nanoTime() - start < length) {
      trial.underLoad(
          RATE,
          () -> {
            trial.pause(2000, 6000);
            if (attacks) {
              attack(trial);
            }
            strike(trial);
            trial.pause(2000, 8000);
            return null;
          });
      faults++;
      // The first faults fill caches and load classes.
      if (Double.isNaN(before) && System.nanoTime() - start > length / 10) {
        before = survivor.residentMegabytes();
        liveBefore = survivor.liveHeapMegabytes();
      }
      trial.settle();
      if (trial.isBroken()) {
        break;
      }
    }
    if (!survivor.isAlive()) {
      throw new FaultException("the survivor died");
    }
    double after = survivor.residentMegabytes();
    double liveAfter = survivor.liveHeapMegabytes();
    trial.note(
        "%d faults in %d min; survivor's memory %.0f MB after a tenth, %.0f MB at the end; alive on its heap %.1f MB, %.1f MB"
            .formatted(
                faults,
                Duration.ofNanos(System.nanoTime() - start).toMinutes(),
                before,
                after,
                liveBefore,
                liveAfter));
    trial.check(after - before < MOST_GROWTH_MEGABYTES, "the survivor's memory grew");
    trial.check(
        liveAfter - liveBefore < MOST_LIVE_GROWTH_MEGABYTES,
        "more is alive on the survivor's heap");
  }

  private void attack(Trial trial) throws Exception {
    int partition = trial.random().nextInt(FaultHarness.PARTITIONS);
    switch (trial.random().nextInt(3)) {
      case 0 ->
          trial
              .rawBatches()
              .send(partition, huge)
              .forEach(
                  place ->
                      trial.expectRefusal(
                          place, "RECORD_UNREADABLE", "RECORD_TOO_LARGE", "UNKNOWN_SCHEMA_ID"));
      case 1 ->
          trial
              .rawBatches()
              .send(partition, large)
              .forEach(place -> trial.expectRefusal(place, "RECORD_TOO_LARGE"));
      default -> {
        for (int i = 0; i < 12; i++) {
          byte[] image = trial.feeder().image("costly-" + made++, ImageFormat.JPEG, 0, 0, costly);
          trial.expectRefusal(
              trial.feeder().place(Feeder.key("attacker", partition), image), "DECOMPRESSION_BOMB");
        }
      }
    }
  }

  private static void strike(Trial trial) throws Exception {
    Service victim = trial.services().get(1);
    // One that finds no broker or registry when it starts says so and ends, for its supervisor to
    // start again; that is row 10's matter.
    victim.awaitReady(Trial.READY);
    switch (trial.random().nextInt(6)) {
      case 0, 1 -> {
        victim.kill();
        trial.start(VICTIM);
      }
      case 2 -> {
        victim.terminate(Duration.ofSeconds(30));
        trial.start(VICTIM);
      }
      case 3 -> {
        victim.signal("STOP");
        trial.pause(11_000, 15_000);
        victim.signal("CONT");
      }
      case 4 -> {
        trial.stack().stop(Server.REGISTRY, trial.random().nextBoolean());
        trial.pause(1000, 5000);
        trial.stack().startAgain(Server.REGISTRY);
      }
      default -> {
        trial.stack().stop(Server.BROKER, trial.random().nextBoolean());
        trial.pause(0, 5000);
        trial.stack().startAgain(Server.BROKER);
      }
    }
    trial.faultOver();
  }
}
