package io.cnn2gnn.topology.status;

import io.cnn2gnn.topology.status.ServiceStatus.Group;
import io.cnn2gnn.topology.status.ServiceStatus.Member;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** The group of a service as its broker describes it. */
final class GroupMembers {
  private static final String NONE = "NONE";

  private GroupMembers() {}

  static Group of(Admin admin, String group, String images)
      throws ExecutionException, InterruptedException {
    try {
      ConsumerGroupDescription description =
          admin.describeConsumerGroups(List.of(group)).describedGroups().get(group).get();
      return new Group(
          description.groupState().name(),
          description.members().stream()
              .map(member -> member(member, images))
              .sorted(Comparator.comparing(Member::client))
              .toList());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return new Group(NONE, List.of());
      }
      throw e;
    }
  }

  private static Member member(MemberDescription member, String images) {
    return new Member(
        member.groupInstanceId().orElse(member.consumerId()),
        member.clientId(),
        member.host(),
        member.assignment().topicPartitions().stream()
            .filter(partition -> partition.topic().equals(images))
            .map(TopicPartition::partition)
            .sorted()
            .toList());
  }
}
