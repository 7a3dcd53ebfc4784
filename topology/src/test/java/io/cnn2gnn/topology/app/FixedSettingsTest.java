package io.cnn2gnn.topology.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FixedSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "processing.guarantee, at_least_once",
    "group.protocol, streams",
    "group.protocol, consumer",
    "consumer.group.protocol, consumer",
    "main.consumer.group.protocol, CONSUMER",
    "processing.exception.handler, x",
    "production.exception.handler, x",
    "default.production.exception.handler, x",
    "deserialization.exception.handler, x",
    "default.deserialization.exception.handler, x",
    "default.timestamp.extractor, x",
    "isolation.level, read_uncommitted",
    "consumer.isolation.level, read_uncommitted",
    "main.consumer.isolation.level, read_uncommitted",
    "enable.auto.commit, true",
    "producer.enable.idempotence, false",
    "enable.idempotence, false",
    "acks, 1",
    "producer.acks, 0",
    "transactional.id, mine",
    "group.id, mine",
    "group.instance.id, ''",
    "consumer.group.instance.id, ' '",
    "num.stream.threads, 0",
    "num.stream.threads, -1",
    "num.stream.threads, two",
  })
  void whatTheServiceRestsOnIsRefusedInALineThatNamesTheKey(String key, String value) {
    assertThatThrownBy(() -> FixedSettings.check(Map.of(key, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(key)
        .hasMessageNotContaining("\n")
        .message()
        .hasSizeLessThan(200);
  }

  @ParameterizedTest
  @CsvSource({
    "processing.guarantee, exactly_once_v2",
    "group.protocol, Classic",
    "isolation.level, read_committed",
    "enable.auto.commit, false",
    "enable.idempotence, true",
    "acks, all",
    "acks, -1",
    "group.id, cnn2gnn-streams",
    "group.instance.id, node-7",
    "num.stream.threads, 4",
    "num.standby.replicas, 1",
    "max.poll.interval.ms, 70000",
  })
  void whatItIsAnywayMayBeSaid(String key, String value) {
    FixedSettings.check(Map.of(key, value));
  }

  @Test
  void theGroupMayBearTheNameOfTheApplication() {
    FixedSettings.check(Map.of("group.id", "mine", "application.id", "mine"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"value.subject.name.strategy", "context.name.strategy"})
  void strategiesOfTheRegistryAreKnownKeys(String key) {
    ConfigNames.check(Map.of(key, "x").keySet());
  }

  @Test
  void aStrategyForKeysIsRefused() {
    assertThatThrownBy(() -> ConfigNames.check(Map.of("key.subject.name.strategy", "x").keySet()))
        .hasMessage(
            "key.subject.name.strategy cannot be set: keys are plain text, and have no schema");
    assertThat(ConfigKey.of("key.subject.name.strategy")).isEmpty();
  }
}
