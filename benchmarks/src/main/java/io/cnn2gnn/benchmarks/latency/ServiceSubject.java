package io.cnn2gnn.benchmarks.latency;

import io.cnn2gnn.benchmarks.service.Deployment;
import io.cnn2gnn.benchmarks.service.Endpoints;
import io.cnn2gnn.topology.app.AppConfig;
import io.cnn2gnn.topology.app.ClassificationApp;
import io.cnn2gnn.topology.app.StartupException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The service as {@code cnn2gnn run} starts it. */
final class ServiceSubject implements Subject {
  private final Endpoints endpoints;
  private final ClassificationApp app;

  private ServiceSubject(Endpoints endpoints, ClassificationApp app) {
    this.endpoints = endpoints;
    this.app = app;
  }

  static ServiceSubject start(Deployment service, Map<String, String> more)
      throws IOException, StartupException {
    Endpoints endpoints = Endpoints.onFreePort();
    Map<String, String> settings = new HashMap<>(service.settings("one", more));
    settings.put(AppConfig.HTTP_PORT, Integer.toString(endpoints.port()));
    return new ServiceSubject(endpoints, ClassificationApp.start(AppConfig.of(settings)));
  }

  @Override
  public boolean isAlive() {
    return app.isLive();
  }

  @Override
  public Batches batches() throws IOException, InterruptedException {
    return new Batches(
        metric("cnn2gnn_batch_inference_seconds_count"),
        metric("cnn2gnn_batch_inference_seconds_sum"),
        metric("cnn2gnn_batch_images_sum"));
  }

  private double metric(String name) throws IOException, InterruptedException {
    return endpoints.metric(name).orElseThrow(() -> new IOException("no metric " + name));
  }

  @Override
  public void close() {
    app.close();
  }
}
