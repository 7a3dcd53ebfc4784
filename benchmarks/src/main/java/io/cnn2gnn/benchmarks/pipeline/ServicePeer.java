package io.cnn2gnn.benchmarks.pipeline;

import io.cnn2gnn.topology.app.ClassificationApp;
import io.cnn2gnn.topology.app.StartupException;
import java.util.Map;

/** The service as {@code cnn2gnn run} starts it. */
final class ServicePeer implements Peer {
  private final ClassificationApp app;

  private ServicePeer(ClassificationApp app) {
    this.app = app;
  }

  static ServicePeer start(Setup setup) throws StartupException {
    return new ServicePeer(ClassificationApp.start(setup.config(Map.of())));
  }

  static ServicePeer withoutModel(Setup setup) throws StartupException {
    var config = setup.config(Map.of("cnn2gnn.bank.capacity", "0"));
    int row = setup.bundle().card().student().rowLength();
    return new ServicePeer(
        ClassificationApp.start(
            config, ClassificationApp.loadModel(config), model -> new NullModel(row)));
  }

  @Override
  public void requireAlive() {
    if (!app.isLive()) {
      throw new IllegalStateException("the service has ended");
    }
  }

  @Override
  public void close() {
    app.close();
  }
}
