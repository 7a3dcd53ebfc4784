package io.cnn2gnn.topology.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The topics in which an application keeps its state. */
final class InternalTopics {
  private static final int LOOKS = 100;
  private static final int PAUSE_MILLIS = 100;

  private InternalTopics() {}

  /**
   * Those that are there.
   *
   * @param needed of the command, of which what it does with these topics is checked
   * @throws StartupException naming one with which we may not do that
   */
  static List<String> present(Admin admin, Footprint footprint, List<Access> needed)
      throws ExecutionException, InterruptedException, StartupException {
    Map<String, Set<AclOperation>> wanted = new LinkedHashMap<>(Access.topics(needed));
    wanted.keySet().retainAll(footprint.internalTopics());
    List<String> present = new ArrayList<>(footprint.internalTopics());
    present.removeAll(new Rights(admin, Topics.broker(footprint.clients())).missing(wanted));
    return present;
  }

  /** Deletes them, or only says which they are. */
  static List<UpkeepStep> delete(Admin admin, List<String> names, boolean dryRun)
      throws ExecutionException, InterruptedException, StartupException {
    if (!dryRun && !names.isEmpty()) {
      delete(admin, names);
    }
    return names.stream().map(name -> new UpkeepStep("topic " + name, "there", "deleted")).toList();
  }

  private static void delete(Admin admin, List<String> names)
      throws ExecutionException, InterruptedException, StartupException {
    for (String name : names) {
      try {
        admin.deleteTopics(List.of(name)).all().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e;
        }
      }
    }
    // A service that started before they are gone would find its old state.
    for (int look = 0; look < LOOKS; look++) {
      Set<String> present = admin.listTopics().names().get();
      if (names.stream().noneMatch(present::contains)) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
    throw new StartupException(
        "the broker has not deleted %s within %d s: start the service only when they are gone"
            .formatted(names, LOOKS * PAUSE_MILLIS / 1000));
  }
}
