package io.cnn2gnn.topology.app;

import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.topology.gather.InputTopics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks before a start that the input topics can be taken over, and are no topics of our own. */
final class InputTopicsCheck {
  private static final Logger LOG = LoggerFactory.getLogger(InputTopicsCheck.class);

  private InputTopicsCheck() {}

  /**
   * Checks them.
   *
   * @throws StartupException if one is missing, or is one that the service writes, or the broker
   *     does not allow what is needed
   */
  static void check(AppConfig config, String applicationId) throws StartupException {
    InputTopics inputs = config.topology().inputs();
    if (inputs.isEmpty()) {
      return;
    }
    List<String> own = inputs.own(ownTopics(config.topology().topics(), applicationId));
    if (!own.isEmpty()) {
      throw new StartupException(
          "%s must not take in what the service reads or writes itself: %s"
              .formatted(key(inputs), own));
    }
    SortedSet<String> missing =
        new TreeSet<>(
            Topics.missing(
                config.clients(),
                AccessTable.gather(config.topology().topics().images(), inputs.names())));
    if (!missing.isEmpty()) {
      throw new StartupException(
          "topics %s of %s are missing: create them first".formatted(missing, key(inputs)));
    }
    LOG.info(
        "what topics {} bring is taken over into topic {}",
        inputs,
        config.topology().topics().images());
  }

  private static String key(InputTopics inputs) {
    return (inputs.pattern().isPresent() ? ConfigKey.INPUT_TOPICS_REGEX : ConfigKey.INPUT_TOPICS)
        .key();
  }

  private static Set<String> ownTopics(TopicNames names, String applicationId) {
    List<Access> all = new ArrayList<>(AccessTable.run(names, true, true));
    all.addAll(AccessTable.streams(applicationId));
    return Access.topics(all).keySet();
  }
}
