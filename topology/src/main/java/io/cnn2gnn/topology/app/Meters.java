package io.cnn2gnn.topology.app;

import io.cnn2gnn.topology.metrics.AppMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * All that a service measures.
 *
 * @param registry shows it to Prometheus
 * @param app the application's own
 */
record Meters(PrometheusMeterRegistry registry, AppMetrics app, JvmGcMetrics collections)
    implements AutoCloseable {
  static Meters open() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(registry);
    JvmGcMetrics collections = new JvmGcMetrics();
    collections.bindTo(registry);
    return new Meters(registry, new AppMetrics(registry), collections);
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
