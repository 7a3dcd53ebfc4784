package io.cnn2gnn.topology.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
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
    new TopicLimit("images", 100_000, 100_000).check(100_000);
    assertThatThrownBy(() -> new TopicLimit("images", 99_999, 100_000).check(100_000))
        .isInstanceOf(StartupException.class)
        .hasMessageContainingAll(
            "topic images has max.message.bytes=99999",
            "raise max.message.bytes of the topic to that",
            "lower cnn2gnn.record.max.bytes to 99999");
    assertThatThrownBy(() -> new TopicLimit("changelog", 100_000, 116_384).check(100_000))
        .hasMessageContainingAll("needs 116384", "lower cnn2gnn.record.max.bytes to 83616");
  }

  @Test
  void everyTopicThatRecordsPassThroughNeedsTheLimit() {
    assertThat(Topics.needs(config()))
        .isEqualTo(
            Map.of(
                "mine", 100_000,
                "predictions", 100_000,
                "images.dead-letter", 100_000,
                "app-pending-changelog", 116_384));
  }

  @Test
  void topicsCreatedHerePassTheirOwnCheck() throws Exception {
    Map<String, Integer> needs = Topics.needs(config());
    for (var topic : Topics.wanted(config())) {
      Integer need = needs.get(topic.name());
      if (need != null) {
        int has = Integer.parseInt(topic.configs().get("max.message.bytes"));
        new TopicLimit(topic.name(), has, need).check(100_000);
      }
    }
  }
}
