package io.cnn2gnn.topology.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a broker lets us do what we are going to do. Asked before anything starts: a stream
 * thread learns it at its first record, and dies of it.
 */
final class Rights {
  private static final Logger LOG = LoggerFactory.getLogger(Rights.class);

  private final Admin admin;
  private final String broker;

  /**
   * Of the user that an admin client logs in as.
   *
   * @param broker as in "the broker at h:1"
   */
  Rights(Admin admin, String broker) {
    this.admin = admin;
    this.broker = broker;
  }

  /**
   * Those topics of a map that are missing; of the others the operations are checked.
   *
   * @throws StartupException naming the first operation that is not allowed
   */
  List<String> missing(Map<String, Set<AclOperation>> rights)
      throws ExecutionException, InterruptedException, StartupException {
    Map<String, KafkaFuture<TopicDescription>> answers =
        admin
            .describeTopics(
                rights.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues();
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, Set<AclOperation>> right : rights.entrySet()) {
      String topic = right.getKey();
      try {
        require("topic", topic, right.getValue(), answers.get(topic).get().authorizedOperations());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) {
          missing.add(topic);
        } else if (e.getCause() instanceof TopicAuthorizationException) {
          // Who may not even see a topic may do nothing else with it.
          AclOperation first = right.getValue().stream().findFirst().orElse(AclOperation.DESCRIBE);
          throw denied(first, "topic", topic, e);
        } else {
          throw e;
        }
      }
    }
    return missing;
  }

  /** Creates a topic that is missing; another instance may be quicker. */
  void create(NewTopic topic) throws ExecutionException, InterruptedException, StartupException {
    try {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicAuthorizationException) {
        throw denied(AclOperation.CREATE, "topic", topic.name(), e);
      }
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  /** Checks that a topic may be created, by a trial; whoever creates it knows its settings. */
  void requireCreate(String name)
      throws ExecutionException, InterruptedException, StartupException {
    try {
      admin
          .createTopics(
              List.of(new NewTopic(name, 1, (short) 1)),
              new CreateTopicsOptions().validateOnly(true))
          .all()
          .get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicAuthorizationException) {
        throw denied(AclOperation.CREATE, "topic", name, e);
      }
      if (e.getCause() instanceof TimeoutException
          || e.getCause() instanceof AuthenticationException) {
        throw e;
      }
      LOG.debug("topic {} may be created, but not so: {}", name, e.getCause().toString());
    }
  }

  /** Checks that a group may be joined. */
  void requireGroup(String group)
      throws ExecutionException, InterruptedException, StartupException {
    try {
      ConsumerGroupDescription description =
          admin
              .describeConsumerGroups(
                  List.of(group),
                  new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
              .describedGroups()
              .get(group)
              .get();
      require("group", group, Set.of(AclOperation.READ), description.authorizedOperations());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupAuthorizationException) {
        throw denied(AclOperation.READ, "group", group, e);
      }
      // A group that nobody has joined yet has no description either.
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
    }
  }

  /** Checks that transactions may be made under ids with this beginning. */
  void requireTransactions(String prefix)
      throws ExecutionException, InterruptedException, StartupException {
    String id = prefix + "check";
    try {
      admin.describeTransactions(List.of(id)).description(id).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TransactionalIdAuthorizationException) {
        throw denied(AclOperation.WRITE, "transactional-id", prefix, e);
      }
      if (!(e.getCause() instanceof TransactionalIdNotFoundException)) {
        throw e;
      }
    }
  }

  /** Brokers that do not say what is allowed are taken at our word. */
  private void require(
      String type, String name, Set<AclOperation> needed, Set<AclOperation> allowed)
      throws StartupException {
    if (allowed == null) {
      return;
    }
    for (AclOperation operation : needed) {
      if (!allowed.contains(operation)) {
        throw new StartupException(BrokerFaults.denied(broker, operation, type, name));
      }
    }
  }

  private StartupException denied(
      AclOperation operation, String type, String name, Throwable cause) {
    return new StartupException(BrokerFaults.denied(broker, operation, type, name), cause);
  }
}
