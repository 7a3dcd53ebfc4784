package io.cnn2gnn.topology.app;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What a command does with one thing on a broker.
 *
 * @param operations in the order of Kafka's own list
 */
public record Access(ResourcePattern resource, Set<AclOperation> operations) {
  /** What is done without where it is not allowed, or where the topic is as it should be. */
  private static final Set<AclOperation> DISPENSABLE =
      EnumSet.of(AclOperation.CREATE, AclOperation.ALTER, AclOperation.DESCRIBE_CONFIGS);

  public Access {
    EnumSet<AclOperation> sorted = EnumSet.noneOf(AclOperation.class);
    sorted.addAll(operations);
    operations = Collections.unmodifiableSet(sorted);
  }

  static Access topic(String name, AclOperation... operations) {
    return literal(ResourceType.TOPIC, name, operations);
  }

  static Access group(String name, AclOperation... operations) {
    return literal(ResourceType.GROUP, name, operations);
  }

  /** All transactional ids that begin so. */
  static Access transactions(String prefix, AclOperation... operations) {
    return new Access(
        new ResourcePattern(ResourceType.TRANSACTIONAL_ID, prefix, PatternType.PREFIXED),
        Set.of(operations));
  }

  private static Access literal(ResourceType type, String name, AclOperation... operations) {
    return new Access(new ResourcePattern(type, name, PatternType.LITERAL), Set.of(operations));
  }

  /** Operations without which the command cannot do its work. */
  Set<AclOperation> required() {
    Set<AclOperation> required = EnumSet.noneOf(AclOperation.class);
    required.addAll(operations);
    required.removeAll(DISPENSABLE);
    return required;
  }

  /** The names of one type. */
  static List<String> names(Collection<Access> all, ResourceType type) {
    return all.stream()
        .map(Access::resource)
        .filter(resource -> resource.resourceType() == type)
        .map(ResourcePattern::name)
        .toList();
  }

  /** The required operations on topics, by their names. */
  public static Map<String, Set<AclOperation>> topics(Collection<Access> all) {
    Map<String, Set<AclOperation>> topics = new LinkedHashMap<>();
    for (Access one : all) {
      if (one.resource().resourceType() == ResourceType.TOPIC) {
        topics.put(one.resource().name(), one.required());
      }
    }
    return topics;
  }
}
