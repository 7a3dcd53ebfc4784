package io.cnn2gnn.faults;

import io.cnn2gnn.localstack.FreePort;
import io.cnn2gnn.localstack.LocalCluster;
import io.cnn2gnn.localstack.LocalCluster.Detour;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A cable to each broker and one to the registry. All else is this host. */
final class CableNetwork implements Network {
  private final List<Cable> cables;
  private final List<Detour> detours;
  private final Cable registryCable;
  private final URI registry;

  private CableNetwork(
      List<Cable> cables, List<Detour> detours, Cable registryCable, URI registry) {
    this.cables = cables;
    this.detours = detours;
    this.registryCable = registryCable;
    this.registry = registry;
  }

  /**
   * Lays the cables.
   *
   * @param registry one that runs
   */
  static CableNetwork to(URI registry) throws IOException {
    List<Cable> cables = new ArrayList<>();
    List<Detour> detours = new ArrayList<>();
    for (int port : FreePort.find(LocalCluster.NODES)) {
      Cable cable = Cable.to(port);
      cables.add(cable);
      detours.add(new Detour(address(port), address(cable.port())));
    }
    return new CableNetwork(
        List.copyOf(cables), List.copyOf(detours), Cable.to(registry.getPort()), registry);
  }

  private static String address(int port) {
    return Host.HERE.address() + ":" + port;
  }

  @Override
  public Host host() {
    return Host.HERE;
  }

  @Override
  public List<Detour> detours() {
    return detours;
  }

  @Override
  public String registry() {
    return "http://" + address(registryCable.port()) + registry.getPath();
  }

  @Override
  public Line toBrokers() {
    return Line.of(cables);
  }

  @Override
  public Line toBroker(int broker) {
    return cables.get(broker);
  }

  @Override
  public Line toRegistry() {
    return registryCable;
  }

  @Override
  public Dropping loss() {
    return new Dropping(
        cables.stream()
            .flatMap(cable -> Stream.of("--sport ", "--dport ").map(side -> side + cable.port()))
            .map(port -> new Arrivals(Host.HERE, "-i lo -p tcp -m tcp " + port))
            .toList(),
        Dropping.SOME);
  }

  /** From now on what is sent between services and brokers arrives this much later, either way. */
  void setDelay(Duration delay) {
    cables.forEach(cable -> cable.setDelay(delay));
  }

  @Override
  public void makeWhole() {
    cables.forEach(Cable::mend);
    registryCable.mend();
  }

  @Override
  public void close() throws IOException {
    for (Cable cable : cables) {
      cable.close();
    }
    registryCable.close();
  }
}
