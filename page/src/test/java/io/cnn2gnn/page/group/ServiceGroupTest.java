package io.cnn2gnn.page.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cnn2gnn.page.group.ServiceGroup.Instance;
import io.cnn2gnn.page.group.ServiceGroup.Part;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsResult;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.MemberAssignment;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class ServiceGroupTest {
  private static final Class<?> EARLIEST_KIND = OffsetSpec.earliest().getClass();
  private static final TopicDescription IMAGES =
      new TopicDescription(
          "images",
          false,
          List.of(new TopicPartitionInfo(0, new Node(0, "h", 1), List.of(), List.of())));

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
            Map.of(0, 7L, 1, 12L, 2, 0L, 3, 0L),
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

  /** A broker of Kafka 4 that has no such group; its log starts late. */
  private static Object withoutGroup(Object proxy, Method method, Object[] of) {
    return switch (method.getName()) {
      case "describeConsumerGroups" ->
          new DescribeConsumerGroupsResult(
              Map.of("app", failed(new GroupIdNotFoundException("no app"))));
      case "describeTopics" ->
          new DescribeTopicsResult(null, Map.of("images", KafkaFuture.completedFuture(IMAGES))) {};
      case "listOffsets" -> {
        boolean first = ((Map<?, ?>) of[0]).values().stream().allMatch(EARLIEST_KIND::isInstance);
        yield new ListOffsetsResult(
            Map.of(
                new TopicPartition("images", 0),
                KafkaFuture.completedFuture(
                    new ListOffsetsResultInfo(
                        first ? 9_000_000 : 9_000_003, 0, Optional.empty()))));
      }
      default -> throw new AssertionError(method);
    };
  }

  private static <T> KafkaFuture<T> failed(Exception why) {
    KafkaFutureImpl<T> future = new KafkaFutureImpl<>();
    future.completeExceptionally(why);
    return future;
  }

  private static ServiceGroup asking(InvocationHandler broker) {
    Admin admin =
        (Admin)
            Proxy.newProxyInstance(
                ServiceGroupTest.class.getClassLoader(), new Class<?>[] {Admin.class}, broker);
    return new ServiceGroup(() -> admin, "app", "images");
  }

  @Test
  void aGroupThatNeverWasIsDeadAndHasTakenNothingOfWhatTheTopicStillHas() throws Exception {
    ServiceGroup.View view = asking(ServiceGroupTest::withoutGroup).view();
    assertThat(view.state()).isEqualTo("Dead");
    assertThat(view.instances()).isEmpty();
    assertThat(view.parts()).containsExactly(new Part(0, Optional.empty(), 3));
  }

  @Test
  void imagesThatAreMissingAreNoFaultOfTheGroup() {
    ServiceGroup none =
        asking(
            (proxy, method, of) ->
                method.getName().equals("describeTopics")
                    ? new DescribeTopicsResult(
                        null,
                        Map.of("images", failed(new UnknownTopicOrPartitionException("x")))) {}
                    : withoutGroup(proxy, method, of));
    // Nor is it a reason to connect anew: the proxy has no close().
    assertThatThrownBy(none::view)
        .isInstanceOf(KafkaException.class)
        .hasMessage("the broker has no topic images");
  }
}
