package io.cnn2gnn.schemas;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.utils.QualifiedSubject;
import io.confluent.kafka.serializers.AbstractKafkaSchemaSerDeConfig;
import io.confluent.kafka.serializers.context.NullContextNameStrategy;
import io.confluent.kafka.serializers.context.strategy.ContextNameStrategy;
import io.confluent.kafka.serializers.subject.TopicNameStrategy;
import io.confluent.kafka.serializers.subject.strategy.SubjectNameStrategy;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.kafka.common.config.ConfigException;

/**
 * Under which subjects the schemas of values are registered: by {@code
 * value.subject.name.strategy}, in the context of {@code context.name.strategy}, as Confluent's
 * serializers have it.
 */
final class SubjectNames {
  private static final SubjectNames BY_TOPIC =
      new SubjectNames(new TopicNameStrategy(), new NullContextNameStrategy());

  private final SubjectNameStrategy strategy;
  private final ContextNameStrategy context;

  private SubjectNames(SubjectNameStrategy strategy, ContextNameStrategy context) {
    this.strategy = strategy;
    this.context = context;
  }

  /**
   * Reads the strategies of a configuration.
   *
   * @throws ConfigException naming the key whose class is none, or is another kind of strategy
   */
  static SubjectNames of(AbstractKafkaSchemaSerDeConfig config) {
    String key = AbstractKafkaSchemaSerDeConfig.VALUE_SUBJECT_NAME_STRATEGY;
    Object strategy;
    try {
      strategy = config.valueSubjectNameStrategy();
    } catch (RuntimeException e) {
      throw new ConfigException(
          "%s cannot be used: %s".formatted(key, e.getMessage() == null ? e : e.getMessage()));
    }
    if (!(strategy instanceof SubjectNameStrategy usable)) {
      throw new ConfigException(
          "%s must be a class that implements %s: %s"
              .formatted(key, SubjectNameStrategy.class.getName(), strategy.getClass().getName()));
    }
    return new SubjectNames(usable, config.contextNameStrategy());
  }

  /** Those that a client was configured with; a registry in memory knows topics' names alone. */
  static SubjectNames of(SchemaRegistryClient registry) {
    return registry instanceof RegistryClient configured ? configured.subjects() : BY_TOPIC;
  }

  /** Under which subject a topic's values are written. */
  String of(String topic, Schema schema) {
    String subject = strategy.subjectName(topic, false, new AvroSchema(schema));
    if (subject == null || subject.isBlank()) {
      throw new ConfigException(
          "%s, which is %s, names no subject for topic %s"
              .formatted(
                  AbstractKafkaSchemaSerDeConfig.VALUE_SUBJECT_NAME_STRATEGY,
                  strategy.getClass().getName(),
                  topic));
    }
    return within(topic, subject);
  }

  /**
   * Where ids belong to a context, the subject by which the registry finds it; empty where only the
   * schema, which is asked for, would say it.
   */
  Optional<String> ofIds(String topic) {
    if (strategy.usesSchema()) {
      return Optional.of(within(topic, "")).filter(name -> !name.isEmpty());
    }
    return Optional.of(within(topic, strategy.subjectName(topic, false, null)));
  }

  private String within(String topic, String subject) {
    String name = context.contextName(topic);
    return name == null || subject.startsWith(QualifiedSubject.CONTEXT_PREFIX)
        ? subject
        : QualifiedSubject.normalizeContext(name) + subject;
  }
}
