package io.cnn2gnn.topology.app;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** Makes sure that an application has stopped, everywhere, before what is its own is touched. */
final class Stopped {
  private Stopped() {}

  static void require(Admin admin, Footprint footprint)
      throws ExecutionException, InterruptedException, StartupException {
    Map<String, Boolean> here = instances(footprint);
    // One that starts is no member yet.
    if (here.containsValue(true)) {
      throw new StartupException(
          "%s is running on this machine (it holds %s): stop it first"
              .formatted(footprint.applicationId(), footprint.instances()));
    }
    Collection<MemberDescription> members = members(admin, footprint.applicationId());
    if (members.isEmpty()) {
      return;
    }
    long seconds = Math.max(1, footprint.session().toSeconds());
    boolean stoppedHere =
        members.stream()
            .allMatch(m -> m.groupInstanceId().filter(id -> isOf(id, here.keySet())).isPresent());
    if (stoppedHere) {
      throw new StartupException(
          "%s has stopped, but its group keeps its members until their sessions end: try"
                  .formatted(footprint.applicationId())
              + " again in %d s at most (session.timeout.ms)".formatted(seconds));
    }
    String hosts =
        members.stream()
            .map(MemberDescription::host)
            .distinct()
            .sorted()
            .collect(Collectors.joining(", "));
    throw new StartupException(
        "%s is running (%d members of its group, on %s): stop it first; the group keeps a"
                .formatted(footprint.applicationId(), members.size(), hosts)
            + " member for %d s (session.timeout.ms) after it has stopped".formatted(seconds));
  }

  private static Map<String, Boolean> instances(Footprint footprint) throws StartupException {
    try {
      return InstanceId.known(footprint.instances());
    } catch (IOException e) {
      throw new StartupException(footprint.instances() + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Each thread of an instance is a member, by the instance's id and a number. */
  private static boolean isOf(String member, Set<String> instances) {
    return instances.stream().anyMatch(id -> member.startsWith(id + "-"));
  }

  private static Collection<MemberDescription> members(Admin admin, String group)
      throws ExecutionException, InterruptedException, StartupException {
    try {
      return admin
          .describeConsumerGroups(List.of(group))
          .describedGroups()
          .get(group)
          .get()
          .members();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
      Set<String> others = new TreeSet<>();
      admin.listGroups().valid().get().forEach(listing -> others.add(listing.groupId()));
      if (others.contains(group)) {
        throw new StartupException(
            group + " is a group of another protocol than this application's; see group.protocol",
            e);
      }
      return List.of();
    }
  }
}
