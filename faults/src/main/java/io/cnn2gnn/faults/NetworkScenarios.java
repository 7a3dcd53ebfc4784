package io.cnn2gnn.faults;

import io.cnn2gnn.schemas.avro.Image;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The service is on another host than the brokers and the registry, and the {@link Network} between
 * them fails.
 */
final class NetworkScenarios {
  private static final double RATE = 60;

  private NetworkScenarios() {}

  private static void start(Trial trial) throws Exception {
    Network network = trial.cluster().network();
    trial.setHost(network.host());
    trial.set("bootstrap.servers", network.servers());
    trial.set("schema.registry.url", network.registry());
    trial.startReady("one");
  }

  private static void cutOff(Trial trial, Line line, int seconds) throws Exception {
    trial.underLoad(
        RATE,
        () -> {
          trial.pause(500, 1500);
          line.cut();
          Thread.sleep(seconds * 1000L);
          line.mend();
          trial.faultOver();
          trial.pause(500, 1500);
          return null;
        });
    trial.check(trial.services().get(0).isAlive(), "the service died of being cut off");
  }

  private static void underLoad(Trial trial, int seconds) throws Exception {
    trial.underLoad(
        RATE,
        () -> {
          Thread.sleep(seconds * 1000L);
          return null;
        });
  }

  /** From all brokers. */
  static final class CutOff implements Scenario {
    private final int seconds;

    CutOff(int seconds) {
      this.seconds = seconds;
    }

    @Override
    public void prepare(Trial trial) throws Exception {
      start(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      cutOff(trial, trial.cluster().network().toBrokers(), seconds);
    }
  }

  /** From one broker that leads images, and that the others see as well as ever. */
  static final class CutOffFromOne implements Scenario {
    private static final int SECONDS = 30;

    @Override
    public void prepare(Trial trial) throws Exception {
      start(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      Cluster cluster = trial.cluster();
      int partition = trial.random().nextInt(FaultHarness.PARTITIONS);
      int leader = cluster.leader(trial.imagesTopic(), partition);
      cutOff(trial, cluster.network().toBroker(leader), SECONDS);
    }
  }

  /**
   * One instance of two, while the other one sees all brokers and takes its partitions over. When
   * the line is mended, what the first had begun arrives late.
   */
  static final class OneOfTwoCutOff implements Scenario {
    private static final Duration TAKEN_OVER = Duration.ofMinutes(1);

    @Override
    public void prepare(Trial trial) throws Exception {
      start(trial);
      trial.setHost(Host.HERE);
      trial.set("bootstrap.servers", trial.cluster().bootstrapServers());
      trial.startReady("two");
    }

    @Override
    public void round(Trial trial) throws Exception {
      Line line = trial.cluster().network().toBrokers();
      trial.underLoad(
          RATE,
          () -> {
            trial.pause(500, 1500);
            line.cut();
            // Longer than its session.
            trial.pause(15_000, 20_000);
            return null;
          });
      trial.check(trial.settledWithin(TAKEN_OVER), "nobody answered for the one that was cut off");
      trial.underLoad(
          RATE,
          () -> {
            line.mend();
            trial.faultOver();
            trial.pause(3000, 6000);
            return null;
          });
      for (Service service : trial.services()) {
        service.awaitReady(Trial.READY);
      }
    }
  }

  /**
   * From the registry, which then neither refuses nor answers: images of known schemas are answered
   * as ever, one of a new schema waits, and the service says that it is not ready.
   */
  static final class CutOffFromRegistry implements Scenario {
    private static final Duration KNOWN = Duration.ofSeconds(30);
    private static final Duration DEGRADED = Duration.ofSeconds(30);
    private final int seconds;
    private int schemas;

    /**
     * Chooses for how long.
     *
     * @param seconds at least
     */
    CutOffFromRegistry(int seconds) {
      this.seconds = seconds;
    }

    @Override
    public void prepare(Trial trial) throws Exception {
      start(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      Line line = trial.cluster().network().toRegistry();
      trial.feeder().send(20, 0.3);
      trial.check(trial.settledWithin(Duration.ofMinutes(1)), "images before the cut waited");
      String id = trial.feeder().nextId();
      byte[] unknown = trial.feeder().ofNewSchema(id, "extra" + schemas++, Image.getClassSchema());
      long cut = System.nanoTime();
      line.cut();
      trial.feeder().send(20, 0.3);
      trial.check(trial.settledWithin(KNOWN), "known schemas waited for the registry");
      trial.feeder().send("camera-2", unknown);
      trial.feeder().send(10, 0.1);
      Service service = trial.services().get(0);
      trial.check(service.await(DEGRADED, false), "it says it is ready while an image waits");
      trial.pause(0, 10_000);
      Thread.sleep(Math.max(0, seconds * 1000L - (System.nanoTime() - cut) / 1_000_000));
      line.mend();
      trial.faultOver();
      service.awaitReady(Trial.READY);
    }
  }

  /** One packet of twenty does not arrive, either way. */
  static final class PacketLoss implements Scenario {
    private static final int SECONDS = 20;
    private Optional<Dropping> loss = Optional.empty();

    @Override
    public String obstacle() {
      String lack = Machine.lack(Arrivals.IPTABLES);
      if (!lack.isEmpty()) {
        return lack;
      }
      Dropping nobodys =
          new Dropping(
              List.of(new Arrivals(Host.HERE, "-i lo -p tcp -m tcp --dport 1")), Dropping.SOME);
      try {
        nobodys.cut();
        nobodys.mend();
        return "";
      } catch (IOException | FaultException e) {
        return "iptables does not do it: " + e.getMessage();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "interrupted";
      }
    }

    @Override
    public void prepare(Trial trial) throws Exception {
      start(trial);
      Dropping dropping = trial.cluster().network().loss();
      loss = Optional.of(dropping);
      trial.onClose(
          () -> {
            dropping.mend();
            return null;
          });
      dropping.cut();
    }

    @Override
    public void round(Trial trial) throws Exception {
      underLoad(trial, SECONDS);
    }

    @Override
    public void finish(Trial trial) throws Exception {
      long lost = loss.orElseThrow().dropped();
      trial.check(lost > 0, "no packet was lost");
      trial.note("%d packets did not arrive".formatted(lost));
    }
  }

  /** What is sent between service and brokers takes 200 ms longer, either way. */
  static final class Delay implements Scenario {
    private static final Duration DELAY = Duration.ofMillis(200);
    private static final int SECONDS = 20;

    @Override
    public void prepare(Trial trial) throws Exception {
      // Of both networks that with proxies: not every kernel delays packets.
      CableNetwork cables = (CableNetwork) trial.cluster().network();
      cables.setDelay(DELAY);
      trial.onClose(
          () -> {
            cables.setDelay(Duration.ZERO);
            return null;
          });
      start(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      underLoad(trial, SECONDS);
    }
  }
}
