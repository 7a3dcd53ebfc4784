package io.cnn2gnn.topology.app;

import static org.apache.kafka.common.acl.AclOperation.ALTER;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.cnn2gnn.topology.flow.Nodes;
import io.cnn2gnn.topology.flow.TopicNames;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;

/**
 * What each command needs on a broker with an authorizer: the checks before a start and the
 * documented table of ACLs are made of it. Read and Write include Describe.
 */
public final class AccessTable {
  private AccessTable() {}

  /**
   * Of a service, with its user topics.
   *
   * @param follows whether it follows releases
   * @param promotes whether it promotes candidates itself
   */
  public static List<Access> run(TopicNames topics, boolean follows, boolean promotes) {
    Set<AclOperation> models = EnumSet.of(CREATE);
    if (follows) {
      models.add(READ);
    }
    if (follows && promotes) {
      models.add(WRITE);
    }
    return List.of(
        Access.topic(topics.images(), READ, CREATE, DESCRIBE_CONFIGS),
        Access.topic(topics.predictions(), WRITE, CREATE, DESCRIBE_CONFIGS),
        Access.topic(topics.deadLetters(), WRITE, CREATE, DESCRIBE_CONFIGS),
        Access.topic(topics.labels(), READ, CREATE, ALTER),
        Access.topic(topics.labelOutcomes(), WRITE, CREATE),
        Access.topic(topics.models(), models.toArray(AclOperation[]::new)),
        Access.topic(topics.modelEvents(), WRITE, CREATE));
  }

  /** Of a service, with what Kafka Streams keeps for it: changelogs, a group and transactions. */
  public static List<Access> streams(String applicationId) {
    return List.of(
        Access.topic(pending(applicationId), READ, WRITE, CREATE, ALTER),
        Access.topic(bank(applicationId), READ, WRITE, CREATE, ALTER),
        Access.topic(recent(applicationId), READ, WRITE, CREATE, ALTER),
        Access.topic(waiting(applicationId), READ, WRITE, CREATE, ALTER),
        Access.topic(TopicNames.labelled(applicationId), READ, WRITE, CREATE),
        Access.group(applicationId, READ),
        Access.transactions(applicationId + "-", WRITE));
  }

  /** Of a service that takes records of other topics over. */
  public static List<Access> gather(String images, Collection<String> inputs) {
    List<Access> all = new ArrayList<>(List.of(Access.topic(images, WRITE)));
    inputs.forEach(topic -> all.add(Access.topic(topic, READ)));
    return List.copyOf(all);
  }

  /** Of whoever sends images. */
  public static List<Access> produce(String images) {
    return List.of(Access.topic(images, WRITE, DESCRIBE_CONFIGS));
  }

  /** Of whoever reads answers. */
  public static List<Access> consume(String predictions) {
    return List.of(Access.topic(predictions, READ));
  }

  /** Of whoever says what images were, and reads what became of that. */
  public static List<Access> label(String labels, String outcomes) {
    return List.of(Access.topic(labels, WRITE), Access.topic(outcomes, READ));
  }

  /** Of a page that shows answers and takes labels. */
  public static List<Access> page(String predictions, String images, String events) {
    String labels = TopicNames.labelsOf(images);
    return List.of(
        Access.topic(predictions, READ),
        Access.topic(images, READ),
        Access.topic(TopicNames.deadLettersOf(images), READ),
        Access.topic(labels, WRITE),
        Access.topic(TopicNames.outcomesOf(labels), READ),
        Access.topic(events, READ));
  }

  /** Of its views of releases and of instances; a page without them shows the rest. */
  public static List<Access> pageViews(String models, String applicationId) {
    return List.of(Access.topic(models, READ, WRITE), Access.group(applicationId, DESCRIBE));
  }

  /** Of whoever takes back all that somebody said, and so has to read it. */
  public static List<Access> retract(String labels, String outcomes) {
    return List.of(Access.topic(labels, READ, WRITE), Access.topic(outcomes, READ));
  }

  /** Of whoever looks at releases. */
  public static List<Access> releases(String models) {
    return List.of(Access.topic(models, READ));
  }

  /** Of whoever looks at the trials of candidates, too. */
  public static List<Access> trials(String events) {
    return List.of(Access.topic(events, READ));
  }

  /** Of whoever decides on them. */
  public static List<Access> release(String models) {
    return List.of(Access.topic(models, READ, WRITE));
  }

  /**
   * Of training from a topic.
   *
   * @param labels what people say of the images, if there is such a topic
   * @param models where a new model is released, if it is
   * @param events that tell of drift, if training waits for it
   */
  public static List<Access> train(
      String images, Optional<String> labels, Optional<String> models, Optional<String> events) {
    List<Access> all = new ArrayList<>();
    all.add(Access.topic(images, READ));
    labels.ifPresent(topic -> all.add(Access.topic(topic, READ)));
    models.ifPresent(topic -> all.addAll(release(topic)));
    events.ifPresent(topic -> all.add(Access.topic(topic, READ)));
    return List.copyOf(all);
  }

  /** Of training as a service beside that: the group whose member trains. */
  public static List<Access> lease(String group) {
    return List.of(Access.group(group, READ));
  }

  /** Of whoever sets a stopped service back. */
  public static List<Access> reset(String images, String applicationId) {
    return List.of(
        Access.topic(images, READ),
        Access.topic(pending(applicationId), DELETE),
        Access.topic(bank(applicationId), DELETE),
        Access.topic(recent(applicationId), DELETE),
        Access.group(applicationId, READ));
  }

  /** Of whoever deletes the state of a stopped service. */
  public static List<Access> clean(String applicationId) {
    return List.of(
        Access.topic(pending(applicationId), READ, DELETE),
        Access.topic(bank(applicationId), DELETE),
        Access.topic(recent(applicationId), DELETE),
        Access.group(applicationId, DESCRIBE));
  }

  /** Of whoever looks at how a service stands, whether it runs or not. */
  public static List<Access> status(TopicNames topics, String applicationId) {
    return List.of(
        Access.topic(topics.images(), READ),
        Access.topic(topics.predictions(), READ),
        Access.topic(topics.deadLetters(), READ),
        Access.topic(topics.labels(), DESCRIBE),
        Access.topic(topics.models(), READ),
        Access.topic(pending(applicationId), READ),
        Access.topic(waiting(applicationId), READ),
        Access.group(applicationId, DESCRIBE));
  }

  private static String pending(String applicationId) {
    return Footprint.changelog(applicationId, Nodes.PENDING_STORE);
  }

  private static String recent(String applicationId) {
    return Footprint.changelog(applicationId, Nodes.RECENT_STORE);
  }

  private static String waiting(String applicationId) {
    return Footprint.changelog(applicationId, Nodes.WAITING_STORE);
  }

  private static String bank(String applicationId) {
    return Footprint.changelog(applicationId, Nodes.BANK_STORE);
  }
}
