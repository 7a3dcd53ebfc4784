package io.cnn2gnn.topology.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeterCatalogueTest {
  private static final Map<String, String> SHOWN =
      Map.of("timer", "_count", "distribution summary", "_count", "counter", "", "gauge", "");

  @Test
  void namesAndLabelsAreThoseThatPrometheusSees() {
    PrometheusMeterRegistry registry = MeterCatalogue.registry();
    try {
      String scraped = registry.scrape();
      assertThat(MeterCatalogue.entries())
          .hasSizeGreaterThan(25)
          .allSatisfy(
              entry -> {
                String shown = entry.name() + SHOWN.get(entry.type());
                assertThat(scraped).containsPattern("(?m)^" + shown + "[ {]");
                entry
                    .labels()
                    .keySet()
                    .forEach(
                        label ->
                            assertThat(scraped)
                                .containsPattern("(?m)^" + shown + "\\{.*" + label + "=\""));
                assertThat(scraped.contains(entry.name() + "_bucket"))
                    .isEqualTo(entry.hasBuckets());
              });
    } finally {
      registry.close();
    }
  }
}
