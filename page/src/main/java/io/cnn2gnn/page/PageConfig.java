package io.cnn2gnn.page;

import io.cnn2gnn.intake.InputFormat;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a page shows, and to whom.
 *
 * @param clients properties of the Kafka and registry clients
 * @param topics that it reads, and those that labels and releases are written to
 * @param format of the topic of images
 * @param group of the service whose instances are shown: its application id
 * @param bundle whose prototypes can be looked at, if it has pictures of them
 * @param host address that it listens on
 * @param port 0 for any that is free
 * @param names of hosts by which it may be asked beside its address
 * @param writers who may write labels
 * @param operators who may decide on releases
 */
public record PageConfig(
    Map<String, String> clients,
    Topics topics,
    InputFormat format,
    String group,
    Optional<Path> bundle,
    String host,
    int port,
    Set<String> names,
    Writers writers,
    Operators operators) {
  public PageConfig {
    clients = Map.copyOf(clients);
    names = Set.copyOf(names);
  }

  /** Of a service whose images are {@code Image} records. */
  public PageConfig(
      Map<String, String> clients,
      Topics topics,
      String group,
      Optional<Path> bundle,
      String host,
      int port,
      Set<String> names,
      Writers writers,
      Operators operators) {
    this(clients, topics, InputFormat.AVRO, group, bundle, host, port, names, writers, operators);
  }

  /**
   * Names of topics.
   *
   * @param models releases
   * @param events what services tell of their models
   */
  public record Topics(
      String images,
      String predictions,
      String deadLetters,
      String labels,
      String outcomes,
      String models,
      String events) {}

  /**
   * Who may write labels. Nobody, if neither is given, but for a page that listens on loopback
   * alone: there everybody may, who is on that machine, unless it has other names, as behind a
   * proxy.
   *
   * @param token that a browser has to know
   * @param userHeader in which a proxy in front of it names the user; only behind one that drops
   *     what a browser sends by that name
   */
  public record Writers(Optional<String> token, Optional<String> userHeader) {
    public static final Writers OF_LOOPBACK = new Writers(Optional.empty(), Optional.empty());
  }

  /**
   * Who may decide on releases. Nobody, if neither is given, but for a page where labels are taken
   * from everybody on the machine: whoever labels is no operator for that.
   *
   * @param token that a browser has to know
   * @param users of a proxy in front of it, which names them as for labels; empty for any
   */
  public record Operators(Optional<String> token, Set<String> users) {
    public static final Operators OF_LOOPBACK = new Operators(Optional.empty(), Set.of());

    public Operators {
      users = Set.copyOf(users);
    }
  }
}
