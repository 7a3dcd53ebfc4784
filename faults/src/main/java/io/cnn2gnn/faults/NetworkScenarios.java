package io.cnn2gnn.faults;

import io.cnn2gnn.schemas.avro.Image;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

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
      cutOff(trial, List.of(cluster.cables().get(leader)), SECONDS);
    }
  }

  /**
   * One instance of two, while the other one sees all brokers and takes its partitions over. When
   * the cable is mended, what the first had begun arrives late.
   */
  static final class OneOfTwoCutOff implements Scenario {
    private static final Duration TAKEN_OVER = Duration.ofMinutes(1);

    @Override
    public void prepare(Trial trial) throws Exception {
      start(trial);
      trial.set("bootstrap.servers", trial.cluster().bootstrapServers());
      trial.startReady("two");
    }

    @Override
    public void round(Trial trial) throws Exception {
      List<Cable> cables = trial.cluster().cables();
      trial.underLoad(
          RATE,
          () -> {
            trial.pause(500, 1500);
            cables.forEach(Cable::cut);
            // Longer than its session.
            trial.pause(15_000, 20_000);
            return null;
          });
      trial.check(trial.settledWithin(TAKEN_OVER), "nobody answered for the one that was cut off");
      trial.underLoad(
          RATE,
          () -> {
            cables.forEach(Cable::mend);
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
    private static final String LOSS = "-m statistic --mode random --probability 0.05 -j DROP";
    private static final Pattern COUNT = Pattern.compile("(?m)^ *(\\d+) .* statistic ");
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
      String rule = "%s INPUT -i lo -p tcp %s %d %s".formatted(what, side, port, LOSS);
      var unused = iptables(rule);
    }

    private static String iptables(String arguments) throws IOException, InterruptedException {
      List<String> command = new ArrayList<>(List.of(IPTABLES.toString(), "-w"));
      command.addAll(List.of(arguments.split(" ", -1)));
      return Machine.run(command);
    }

    @Override
    public void round(Trial trial) throws Exception {
      underLoad(trial, SECONDS);
    }

    @Override
    public void finish(Trial trial) throws Exception {
      long lost =
          COUNT
              .matcher(iptables("-L INPUT -v -x -n"))
              .results()
              .mapToLong(rule -> Long.parseLong(rule.group(1)))
              .sum();
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
