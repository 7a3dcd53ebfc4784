package io.cnn2gnn.faults;

import io.cnn2gnn.localstack.LocalCluster.Detour;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** What lies between services and three brokers and a registry that are on other hosts. */
interface Network extends AutoCloseable {
  /** Where the services run. */
  Host host();

  /** By which they come to the brokers, in the order of their numbers. */
  List<Detour> detours();

  /** The brokers, for the services. */
  default String servers() {
    return detours().stream().map(Detour::advertised).collect(Collectors.joining(","));
  }

  /** The registry, for the services. */
  String registry();

  Line toBrokers();

  Line toBroker(int broker);

  Line toRegistry();

  /** Cut, packets between services and brokers are lost now and then, either way. */
  Dropping loss();

  /** Whatever an earlier row has left. */
  void makeWhole() throws IOException, InterruptedException;

  @Override
  void close() throws IOException;
}
