package io.cnn2gnn.topology.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicLimitTest {
  private static AppConfig config() {
    return AppConfig.of(
        Map.of(
            "bootstrap.servers",
            "localhost:9092",
            "schema.registry.url",
            "http://localhost:8081",
            "application.id",
            "app",
            "cnn2gnn.record.max.bytes",
            "100000",
            "cnn2gnn.topic.images",
            "mine",
            AppConfig.BUNDLE,
            "some.bundle"));
  }

  @Test
  void namesTheTopicItsValueAndWhatToSet() throws Exception {
    new TopicLimit("images", 100_000).check(100_000);
    assertThatThrownBy(() -> new TopicLimit("images", 99_999).check(100_000))
        .isInstanceOf(StartupException.class)
        .hasMessageContainingAll(
            "topic images has max.message.bytes=99999",
            "raise max.message.bytes of the topic to 100000",
            "lower cnn2gnn.record.max.bytes to 99999");
  }

  @Test
  void topicsCreatedHerePassTheirOwnCheck() throws Exception {
    Set<String> passed = Topics.passed(config());
    assertThat(passed).containsExactly("mine", "predictions", "images.dead-letter");
    int checked = 0;
    for (var topic : Topics.wanted(config(), 2)) {
      if (passed.contains(topic.name())) {
        int has = Integer.parseInt(topic.configs().get("max.message.bytes"));
        new TopicLimit(topic.name(), has).check(100_000);
        checked++;
      }
    }
    assertThat(checked).isEqualTo(3);
  }
}
