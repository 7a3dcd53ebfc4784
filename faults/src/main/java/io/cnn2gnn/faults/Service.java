package io.cnn2gnn.faults;

import io.cnn2gnn.localstack.FreePort;
import io.cnn2gnn.localstack.JavaCommand;
import io.cnn2gnn.localstack.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One instance of the service in a process of its own. Signals go to this process only. */
final class Service implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private static final long POLL_MILLIS = 20;

  /** Of a histogram: how many objects, how many bytes. */
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)$");

  /** Lines of a log that tell what a service does now. */
  private static final int RECENT = 5;

  private final String name;
  private final Path log;
  private final String host;
  private final int port;
  private final JavaProcess process;

  private Service(String name, Path log, String host, int port, JavaProcess process) {
    this.name = name;
    this.log = log;
    this.host = host;
    this.port = port;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param host on which it runs
   * @param main class and first arguments
   * @param environment beside this process's own
   * @param jvm options beside the usual ones; they win over those
   */
  static Service start(
      String name,
      Host host,
      List<String> main,
      Map<String, String> settings,
      Map<String, String> environment,
      List<String> jvm,
      Path folder)
      throws IOException {
    int port = FreePort.find();
    Map<String, String> all = new TreeMap<>(settings);
    all.put("cnn2gnn.http.port", Integer.toString(port));
    all.put("cnn2gnn.http.host", host.address());
    Properties properties = new Properties();
    properties.putAll(all);
    Path config = folder.resolve(name + ".properties");
    try (var out = Files.newBufferedWriter(config)) {
      properties.store(out, null);
    }
    Path log = folder.resolve(name + ".log");
    JavaProcess process =
        JavaCommand.of(main)
            .behind(host.launcher())
            .endingWithParent()
            .arguments("--config", config.toString())
            .heap("512m")
            .options("-XX:+UseSerialGC", "-XX:-UsePerfData")
            // Most live for seconds, and the second compiler would take the time of all others.
            .options("-XX:TieredStopAtLevel=1")
            .options("-Djava.awt.headless=true")
            .options(jvm)
            .environment(inherited -> inherited.putAll(environment))
            .startAppending(log);
    return new Service(name, log, host.address(), port, process);
  }

  String name() {
    return name;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Whether what it said last is that it waits for transactions of others to end. */
  boolean waitsForUnstableOffsets() {
    try {
      return process.lastLines(RECENT).stream()
          .anyMatch(line -> line.contains("still have unstable offsets"));
    } catch (IOException e) {
      throw new UncheckedIOException("the service's log cannot be read", e);
    }
  }

  boolean isReady() throws InterruptedException {
    return health("ready") == 200;
  }

  private int health(String kind) throws InterruptedException {
    URI uri = URI.create("http://" + host + ":" + port + "/health/" + kind);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(2)).build();
    try {
      return HTTP.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException e) {
      return -1; // nobody listens: neither live nor ready
    }
  }

  /**
   * Connects as a client that never finishes its request.
   *
   * @param line whether it stops in its first line, or before its body
   */
  Socket beginRequest(boolean line) throws IOException {
    Socket socket = new Socket(host, port);
    String begin =
        line ? "G" : "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n";
    try {
      socket.getOutputStream().write(begin.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // It was sent away already.
      socket.close();
    }
    return socket;
  }

  /**
   * The value of one of its metrics.
   *
   * @param name as in Prometheus' text format
   * @param tag what else the line contains, such as the value of a tag; may be empty
   */
  OptionalDouble metric(String name, String tag) throws InterruptedException {
    URI uri = URI.create("http://" + host + ":" + port + "/metrics");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
    // All of it: a body that is left half read holds its connection, and a thread of the service.
    try (Stream<String> lines = HTTP.send(request, BodyHandlers.ofString()).body().lines()) {
      return lines
          .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
          .filter(line -> line.contains(tag))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .findFirst();
    } catch (IOException e) {
      return OptionalDouble.empty(); // nobody listens
    }
  }

  /** Waits until it takes images. */
  void awaitReady(Duration longest) throws InterruptedException {
    if (!await(longest, true)) {
      throw new FaultException(name + " did not become ready: see " + log);
    }
  }

  /** Waits until its readiness is as wanted; false if time ran out or it ended. */
  boolean await(Duration longest, boolean ready) throws InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    while (System.nanoTime() - deadline < 0 && isAlive()) {
      if (isReady() == ready) {
        return true;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return false;
  }

  /** What is alive on its Java heap, after a full collection; by the JDK's {@code jcmd}. */
  double liveHeapMegabytes() throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process histogram =
        new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), "GC.class_histogram")
            .redirectErrorStream(true)
            .start();
    String told = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    Matcher total = TOTAL.matcher(told);
    if (histogram.waitFor() != 0 || !total.find()) {
      throw new IOException("jcmd told nothing of the heap of " + name + ": " + told);
    }
    return Double.parseDouble(total.group(1)) / (1 << 20);
  }

  /** Ends it as a power cut would. */
  void kill() {
    process.kill();
  }

  /** Asks it to stop; returns how many seconds it took. */
  double terminate(Duration longest) throws InterruptedException {
    long start = System.nanoTime();
    if (!process.end(longest)) {
      throw new FaultException(
          "%s did not stop within %d s: see %s".formatted(name, longest.toSeconds(), log));
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Waits for its end; the exit code. */
  int awaitEnd(Duration longest) throws InterruptedException {
    if (!process.awaitEnd(longest)) {
      throw new FaultException(name + " goes on: see " + log);
    }
    return process.exitCode();
  }

  /** Stops its threads where they are, or lets them go on. */
  void signal(String signal) throws IOException, InterruptedException {
    if (!isAlive()) {
      // Its number may belong to another process by now.
      throw new FaultException(name + " has ended by itself: see " + log);
    }
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start();
    if (kill.waitFor() != 0) {
      throw new FaultException("kill -" + signal + " " + process.pid() + " failed");
    }
  }

  /** Resident memory in MiB. */
  double residentMegabytes() {
    try {
      return process
          .residentMegabytes()
          .orElseThrow(() -> new FaultException("the system tells no memory of " + name));
    } catch (IOException e) {
      throw new UncheckedIOException("the memory of " + name, e);
    }
  }

  /** Lines of its log that contain a text. */
  long logged(String text) throws IOException {
    return process.log().lines().filter(line -> line.contains(text)).count();
  }

  @Override
  public void close() {
    process.close();
  }
}
