package io.cnn2gnn.faults;

import io.cnn2gnn.localstack.FreePort;
import io.cnn2gnn.localstack.LocalCluster;
import io.cnn2gnn.localstack.LocalCluster.Detour;
import java.io.IOException;
import java.net.URI;
import java.util.List;

/**
 * Services are in a namespace. The brokers listen on its pair of interfaces; the registry listens
 * nowhere but on loopback, and a {@link Cable} that is never cut brings it there.
 */
final class NamespaceNetwork implements Network {
  private final Namespace namespace;
  private final List<Integer> ports;
  private final Cable registryCable;
  private final URI registry;
  private final List<Line> toBrokers;
  private final Line toRegistry;

  private NamespaceNetwork(
      Namespace namespace, List<Integer> ports, Cable registryCable, URI registry) {
    this.namespace = namespace;
    this.ports = ports;
    this.registryCable = registryCable;
    this.registry = registry;
    this.toBrokers = ports.stream().map(namespace::toPort).toList();
    this.toRegistry = namespace.toPort(registryCable.port());
  }

  /**
   * Makes the namespace.
   *
   * @param registry one that runs
   */
  static NamespaceNetwork to(URI registry) throws IOException, InterruptedException {
    Namespace namespace = Namespace.make();
    try {
      return new NamespaceNetwork(
          namespace,
          FreePort.find(LocalCluster.NODES),
          Cable.to(registry.getPort(), namespace.address()),
          registry);
    } catch (IOException | RuntimeException e) {
      namespace.close();
      throw e;
    }
  }

  private String address(int port) {
    return namespace.address() + ":" + port;
  }

  @Override
  public Host host() {
    return namespace.host();
  }

  @Override
  public List<Detour> detours() {
    return ports.stream().map(port -> new Detour(address(port), address(port))).toList();
  }

  @Override
  public String registry() {
    return "http://" + address(registryCable.port()) + registry.getPath();
  }

  /** And to all else. */
  @Override
  public Line toBrokers() {
    return namespace.link();
  }

  @Override
  public Line toBroker(int broker) {
    return toBrokers.get(broker);
  }

  @Override
  public Line toRegistry() {
    return toRegistry;
  }

  /** And of all others. */
  @Override
  public Dropping loss() {
    return namespace.loss();
  }

  @Override
  public void makeWhole() throws IOException, InterruptedException {
    namespace.makeWhole();
  }

  @Override
  public void close() throws IOException {
    try {
      registryCable.close();
    } finally {
      namespace.close();
    }
  }
}
