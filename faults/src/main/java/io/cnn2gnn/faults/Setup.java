package io.cnn2gnn.faults;

import java.io.IOException;
import java.net.URI;

/** Which brokers a row has, and what lies between them and services on hosts of their own. */
enum Setup {
  ONE_BROKER,
  /** Three, and proxies. */
  CABLES,
  /** Three, and a network namespace. */
  NAMESPACE;

  /** Why it cannot be had on this machine; empty if it can. */
  String obstacle() {
    return this == NAMESPACE ? Namespace.obstacle() : "";
  }

  /** Between three brokers and services. */
  Network network(URI registry) throws IOException, InterruptedException {
    return switch (this) {
      case ONE_BROKER -> throw new IllegalStateException("one broker is on the services' host");
      case CABLES -> CableNetwork.to(registry);
      case NAMESPACE -> NamespaceNetwork.to(registry);
    };
  }
}
