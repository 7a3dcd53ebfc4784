package io.cnn2gnn.page.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.cnn2gnn.page.group.ServiceGroup.Instance;
import io.cnn2gnn.page.group.ServiceGroup.Part;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ServiceGroupTest {
  private final ServiceGroup group =
      new ServiceGroup(
          () -> {
            throw new IllegalStateException("asks nobody");
          },
          "app",
          "images");

  private static MemberDescription member(Optional<String> name, String client, int... parts) {
    Set<TopicPartition> assigned =
        IntStream.of(parts)
            .mapToObj(part -> new TopicPartition("images", part))
            .collect(Collectors.toSet());
    // Labels are assigned beside the images.
    assigned.add(new TopicPartition("labels", parts.length == 0 ? 9 : parts[0]));
    return new MemberDescription(
        "member",
        name,
        Optional.empty(),
        client,
        "/10.0.0.7",
        new MemberAssignment(assigned),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void threadsOfAnInstanceAreOneAndWhoeverReadsAPartitionAnswersIt() {
    ServiceGroup.View view =
        group.view(
            "Stable",
            List.of(
                member(Optional.of("abc-1"), "app-x-StreamThread-1-consumer", 0),
                member(Optional.of("abc-2"), "app-x-StreamThread-2-consumer", 2),
                member(Optional.empty(), "app-y-StreamThread-1-consumer", 1)),
            Map.of(
                new TopicPartition("images", 0), new OffsetAndMetadata(7),
                new TopicPartition("images", 1), new OffsetAndMetadata(12)),
            Map.of(0, 10L, 1, 12L, 2, 5L, 3, 0L));
    assertThat(view.instances())
        .containsExactly(
            new Instance("abc", "10.0.0.7", 2, List.of(0, 2)),
            new Instance("app-y", "10.0.0.7", 1, List.of(1)));
    assertThat(view.parts())
        .containsExactlyInAnyOrder(
            new Part(0, Optional.of("abc"), 3),
            new Part(1, Optional.of("app-y"), 0),
            new Part(2, Optional.of("abc"), 5),
            new Part(3, Optional.empty(), 0));
  }
}
