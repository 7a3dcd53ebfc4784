package io.cnn2gnn.faults;

import io.cnn2gnn.schemas.avro.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The service is on another host than the brokers and the registry, and what lies between them
 * fails. All it says and hears goes through a {@link Cable} for each of them.
 */
final class NetworkScenarios {
  private static final double RATE = 60;

  private NetworkScenarios() {}

  private static void start(Trial trial) throws Exception {
    trial.set("bootstrap.servers", trial.cluster().serversByCable());
    trial.set("schema.registry.url", trial.cluster().registryByCable());
    trial.startReady("one");
  }

  private static void cutOff(Trial trial, List<Cable> cables, int seconds) throws Exception {
    trial.underLoad(
        RATE,
        () -> {
          trial.pause(500, 1500);
          cables.forEach(Cable::cut);
          Thread.sleep(seconds * 1000L);
          cables.forEach(Cable::mend);
          trial.faultOver();
          trial.pause(500, 1500);
          return null;
        });
    trial.check(trial.services().get(0).isAlive(), "the service died of a cut cable");
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
      cutOff(trial, trial.cluster().cables(), seconds);
    }
  }

  /** From one broker, which the others see as well as ever. */
  static final class CutOffFromOne implements Scenario {
    private static final int SECONDS = 30;

    @Override
    public void prepare(Trial trial) throws Exception {
      start(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      List<Cable> cables = trial.cluster().cables();
      cutOff(trial, List.of(cables.get(trial.random().nextInt(cables.size()))), SECONDS);
    }
  }

  /**
   * From the registry, which then neither refuses nor answers: images of known schemas are answered
   * as ever, one of a new schema waits, and the service says that it is not ready.
   */
  static final class CutOffFromRegistry implements Scenario {
    private static final Duration KNOWN = Duration.ofSeconds(30);
    private static final Duration DEGRADED = Duration.ofSeconds(30);
    private int schemas;

    @Override
    public void prepare(Trial trial) throws Exception {
      start(trial);
    }

    @Override
    public void round(Trial trial) throws Exception {
      Cable cable = trial.cluster().registryCable();
      trial.feeder().send(20, 0.3);
      trial.check(trial.settledWithin(Duration.ofMinutes(1)), "images before the cut waited");
      String id = trial.feeder().nextId();
      byte[] unknown = trial.feeder().ofNewSchema(id, "extra" + schemas++, Image.getClassSchema());
      cable.cut();
      trial.feeder().send(20, 0.3);
      trial.check(trial.settledWithin(KNOWN), "known schemas waited for the registry");
      trial.feeder().send("camera-2", unknown);
      trial.feeder().send(10, 0.1);
      Service service = trial.services().get(0);
      trial.check(service.await(DEGRADED, false), "it says it is ready while an image waits");
      trial.pause(0, 10_000);
      cable.mend();
      trial.faultOver();
      service.awaitReady(Trial.READY);
    }
  }

  /**
   * One packet of twenty between service and brokers does not arrive, either way. The rules are
   * those of the cables' ports alone.
   */
  static final class PacketLoss implements Scenario {
    private static final Path IPTABLES = Path.of("/usr/sbin/iptables");
    private static final int SECONDS = 20;

    @Override
    public String obstacle() {
      if (Files.notExists(IPTABLES)) {
        return "no iptables";
      }
      try {
        rule("-A", "--dport", 1);
        rule("-D", "--dport", 1);
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
      for (Cable cable : trial.cluster().cables()) {
        for (String side : List.of("--sport", "--dport")) {
          rule("-A", side, cable.port());
          trial.onClose(
              () -> {
                rule("-D", side, cable.port());
                return null;
              });
        }
      }
    }

    private static void rule(String what, String side, int port)
        throws IOException, InterruptedException {
      Machine.run(
          List.of(
              IPTABLES.toString(),
              "-w",
              what,
              "INPUT",
              "-i",
              "lo",
              "-p",
              "tcp",
              side,
              Integer.toString(port),
              "-m",
              "statistic",
              "--mode",
              "random",
              "--probability",
              "0.05",
              "-j",
              "DROP"));
    }

    @Override
    public void round(Trial trial) throws Exception {
      underLoad(trial, SECONDS);
    }
  }

  /** What is sent between service and brokers takes 200 ms longer, either way. */
  static final class Delay implements Scenario {
    private static final Duration DELAY = Duration.ofMillis(200);
    private static final int SECONDS = 20;

    @Override
    public void prepare(Trial trial) throws Exception {
      trial.cluster().cables().forEach(cable -> cable.setDelay(DELAY));
      trial.onClose(
          () -> {
            trial.cluster().cables().forEach(cable -> cable.setDelay(Duration.ZERO));
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
