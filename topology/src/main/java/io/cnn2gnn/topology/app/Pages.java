package io.cnn2gnn.topology.app;

import io.cnn2gnn.topology.pages.BankPage;
import io.cnn2gnn.topology.pages.JsonPage;
import io.cnn2gnn.topology.teaching.LabelledTier;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a service shows by HTTP, if it has a port. */
final class Pages {
  private static final Logger LOG = LoggerFactory.getLogger(Pages.class);
  private static final Duration LONGEST_CONNECTION = Duration.ofSeconds(10);

  private Pages() {}

  /**
   * Answers on the configured port.
   *
   * @param tier what people have labelled
   * @param pages by their paths, those of banks aside
   * @param partitions of the images topic
   * @param dead why the process should not go on
   * @param notReady why images would not be answered
   * @throws StartupException if the port cannot be had
   */
  static HttpEndpoints open(
      AppConfig config,
      Properties settings,
      KafkaStreams streams,
      LabelledTier tier,
      Map<String, JsonPage> pages,
      PrometheusMeterRegistry metrics,
      IntSupplier partitions,
      Supplier<Optional<String>> dead,
      Supplier<Optional<String>> notReady)
      throws StartupException {
    Optional<HostInfo> self = StreamsSettings.advertised(settings);
    if (self.isEmpty()) {
      LOG.warn(
          "other instances cannot look into this one's bank: set {} to the HOST:PORT by which they"
              + " reach it",
          AppConfig.HTTP_ADVERTISED);
    }
    BankPage bank =
        BankPage.of(streams, self, config.topology().bank().capacity(), partitions, tier);
    Map<String, JsonPage> all = new HashMap<>(pages);
    all.put(BankPage.PATH, bank);
    return new HttpEndpoints(
        HttpAddress.of(config, self), LONGEST_CONNECTION, dead, notReady, metrics, all);
  }
}
