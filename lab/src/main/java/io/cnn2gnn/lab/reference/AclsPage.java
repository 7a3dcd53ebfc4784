package io.cnn2gnn.lab.reference;

import io.cnn2gnn.topology.app.Access;
import io.cnn2gnn.topology.app.AccessTable;
import io.cnn2gnn.topology.app.ConfigKey;
import io.cnn2gnn.topology.flow.TopicNames;
import io.cnn2gnn.training.service.TrainingLease;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;

/** What each command needs on a broker, under the names of the default configuration. */
final class AclsPage {
  private static final TopicNames TOPICS = TopicNames.DEFAULT;
  private static final String APPLICATION = ConfigKey.APPLICATION_ID.otherwise();
  private static final String MODEL = "fashion";
  private static final String INPUT = "camera-north";

  private AclsPage() {}

  static String text() {
    List<List<String>> rows = new ArrayList<>();
    commands()
        .forEach((who, needed) -> needed.forEach(one -> rows.add(row(Markdown.code(who), one))));
    AccessTable.gather(TOPICS.images(), List.of(INPUT))
        .forEach(one -> rows.add(row("`run` that takes other topics over", one)));
    return Markdown.page(
        "The table of ACLs",
        """
        What each command needs on a broker with an authorizer, with the names of the default configuration. In ACLs, Read and
        Write include Describe. A test applies this very table and allows nothing else.
        """,
        Markdown.table(List.of("who", "resource", "name", "operations"), rows),
        """
        * Create is not needed where the topics are there, nor Alter as long as `images` gets no more partitions. DescribeConfigs only lets a size limit be checked.
        * `%s=rule` also needs Write on `%s`.
        * `label` reads `%s` for `--retract-all-by` alone, and `%s` for `--look-up` alone.
        * `release list` and `release show` need Read alone. `%s` is read by `release show`, which does without it.
        * The rows of `run` that takes other topics over are for `%s` and `%s`, with a topic `%s`.
        * `page` writes `%s` where an operator decides on releases alone. Without rights on it and on the group it shows the
          rest.
        * Group and transactional ids of `run` begin with its `%s`. The group of `train --continuously` ends in its
          `--name`.
        """
            .formatted(
                ConfigKey.SHADOW_PROMOTION.key(),
                TOPICS.models(),
                TOPICS.labels(),
                TOPICS.predictions(),
                TOPICS.modelEvents(),
                ConfigKey.INPUT_TOPICS.key(),
                ConfigKey.INPUT_TOPICS_REGEX.key(),
                INPUT,
                TOPICS.models(),
                ConfigKey.APPLICATION_ID.key()));
  }

  private static Map<String, List<Access>> commands() {
    Map<String, List<Access>> commands = new LinkedHashMap<>();
    commands.put(
        "run", both(AccessTable.run(TOPICS, true, false), AccessTable.streams(APPLICATION)));
    commands.put("produce", AccessTable.produce(TOPICS.images()));
    commands.put("consume", AccessTable.consume(TOPICS.predictions()));
    commands.put(
        "page",
        both(
            AccessTable.page(TOPICS.predictions(), TOPICS.images(), TOPICS.modelEvents()),
            AccessTable.pageViews(TOPICS.models(), APPLICATION)));
    commands.put(
        "label",
        both(
            AccessTable.retract(TOPICS.labels(), TOPICS.labelOutcomes()),
            AccessTable.consume(TOPICS.predictions())));
    commands.put("status", AccessTable.status(TOPICS, APPLICATION));
    commands.put(
        "release",
        both(AccessTable.release(TOPICS.models()), AccessTable.trials(TOPICS.modelEvents())));
    commands.put(
        "train",
        both(
            AccessTable.train(
                TOPICS.images(),
                Optional.of(TOPICS.labels()),
                Optional.of(TOPICS.models()),
                Optional.of(TOPICS.modelEvents())),
            AccessTable.lease(TrainingLease.group(MODEL))));
    commands.put("reset", AccessTable.reset(TOPICS.images(), APPLICATION));
    commands.put("clean", AccessTable.clean(APPLICATION));
    return commands;
  }

  private static List<Access> both(List<Access> some, List<Access> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  private static List<String> row(String who, Access access) {
    ResourcePattern resource = access.resource();
    String type = resource.resourceType().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return List.of(
        who,
        resource.patternType() == PatternType.PREFIXED ? type + ", prefixed" : type,
        Markdown.code(resource.name()),
        access.operations().stream().map(AclsPage::name).collect(Collectors.joining(", ")));
  }

  /** As kafka-acls writes it. */
  private static String name(AclOperation operation) {
    return Arrays.stream(operation.name().split("_"))
        .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
        .collect(Collectors.joining());
  }
}
