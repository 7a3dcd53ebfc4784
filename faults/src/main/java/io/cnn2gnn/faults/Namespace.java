package io.cnn2gnn.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A host that the kernel keeps apart from this one: a network namespace, and a pair of interfaces
 * that joins the two. Pair, namespace and rules are gone when it is closed, or with this process.
 * After a kill -9 they stay, and {@code ip netns} lists them.
 */
final class Namespace implements AutoCloseable {
  private static final Path IP = Path.of("/usr/sbin/ip");
  private static final Path NAMES = Path.of("/run/netns");

  /** 198.18.0.0/15, which is kept free for laboratories. */
  private static final int RANGE = 198 << 24 | 18 << 16;

  /** A pair takes four addresses: both ends, and below and above them what is no host's. */
  private static final int PAIR = 4;

  private static final int PAIRS = (1 << 17) / PAIR;
  private static final AtomicInteger MADE = new AtomicInteger();

  private final String name;
  private final String outer;
  private final String inner;
  private final String address;
  private final Host host;
  private final List<Dropping> droppings = new ArrayList<>();
  private boolean closed;

  private Namespace(String id, int pair) {
    this.name = "cnn2gnn-faults-" + id;
    // Of 15 characters at most.
    this.outer = "c2g" + id + "o";
    this.inner = "c2g" + id + "i";
    this.address = address(pair, 1);
    this.host = new Host(address(pair, 2), List.of(IP.toString(), "netns", "exec", name));
  }

  private static String address(int pair, int end) {
    int address = RANGE + PAIR * pair + end;
    return "%d.%d.%d.%d"
        .formatted(address >>> 24, (address >>> 16) & 0xFF, (address >>> 8) & 0xFF, address & 0xFF);
  }

  /** Why there can be none on this machine; empty if there can. */
  static String obstacle() {
    String lack =
        Stream.of(IP, Arrivals.IPTABLES)
            .map(Machine::lack)
            .filter(missing -> !missing.isEmpty())
            .findFirst()
            .orElse("");
    if (!lack.isEmpty()) {
      return lack;
    }
    try (Namespace tried = make()) {
      Dropping loss = tried.loss();
      loss.cut();
      loss.mend();
      return "";
    } catch (IOException | FaultException e) {
      return "there can be no network namespace: " + e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }

  /** Makes one that nobody else has. */
  static Namespace make() throws IOException, InterruptedException {
    long process = ProcessHandle.current().pid();
    int number = MADE.incrementAndGet();
    int pair = (int) ((process * 61 + number) % PAIRS);
    while (isTaken(address(pair, 1))) {
      pair = (pair + 1) % PAIRS;
    }
    Namespace made = new Namespace(process + "-" + number, pair);
    Runtime.getRuntime().addShutdownHook(new Thread(made::close, "remove-" + made.name));
    try {
      ip("netns add " + made.name);
      made.join();
      return made;
    } catch (IOException | InterruptedException | RuntimeException e) {
      made.close();
      throw e;
    }
  }

  private static boolean isTaken(String address) throws IOException {
    return NetworkInterface.getByInetAddress(InetAddress.getByName(address)) != null;
  }

  private void join() throws IOException, InterruptedException {
    ip("link add %s type veth peer name %s netns %s".formatted(outer, inner, name));
    ip("addr add %s/30 dev %s".formatted(address, outer));
    ip("link set %s up".formatted(outer));
    ip("-n %s addr add %s/30 dev %s".formatted(name, host.address(), inner));
    ip("-n %s link set %s up".formatted(name, inner));
    ip("-n %s link set lo up".formatted(name));
  }

  private static void ip(String arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(IP.toString()));
    command.addAll(List.of(arguments.split(" ", -1)));
    var unused = Machine.run(command);
  }

  /** That of this host, for who is in there. */
  String address() {
    return address;
  }

  Host host() {
    return host;
  }

  /** The pair: cut, the host in there has an interface without a carrier. */
  Line link() {
    return new Line() {
      @Override
      public void cut() throws IOException, InterruptedException {
        ip("link set %s down".formatted(outer));
      }

      @Override
      public void mend() throws IOException, InterruptedException {
        ip("link set %s up".formatted(outer));
      }
    };
  }

  /** The way to a port of this host and back: packets go, and do not arrive. */
  Line toPort(int port) {
    return dropping(
        " -p tcp -m tcp --dport " + port, " -p tcp -m tcp --sport " + port, Dropping.ALL);
  }

  /** Some packets are lost, either way. */
  Dropping loss() {
    return dropping("", "", Dropping.SOME);
  }

  private synchronized Dropping dropping(String here, String there, String share) {
    Dropping dropping =
        new Dropping(
            List.of(
                new Arrivals(Host.HERE, "-i " + outer + here),
                new Arrivals(host, "-i " + inner + there)),
            share);
    droppings.add(dropping);
    return dropping;
  }

  /** Makes it as it was at first. */
  synchronized void makeWhole() throws IOException, InterruptedException {
    link().mend();
    for (Dropping dropping : droppings) {
      dropping.mend();
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    List<Exception> failures = new ArrayList<>();
    for (Dropping dropping : droppings) {
      attempt(dropping::mend, failures);
    }
    // What still runs in there would keep its end.
    attempt(
        () -> {
          if (isTaken(address)) {
            ip("link del " + outer);
          }
        },
        failures);
    attempt(
        () -> {
          if (Files.exists(NAMES.resolve(name))) {
            ip("netns del " + name);
          }
        },
        failures);
    if (!failures.isEmpty()) {
      throw new FaultException(name + " was not removed whole", failures.get(0));
    }
    closed = true;
  }

  private interface Step {
    void run() throws IOException, InterruptedException;
  }

  /** What fails must not keep the steps behind it from being tried. */
  private static void attempt(Step step, List<Exception> failures) {
    try {
      step.run();
    } catch (IOException | FaultException e) {
      failures.add(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failures.add(e);
    }
  }
}
