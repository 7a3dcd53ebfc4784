package io.cnn2gnn.benchmarks.service;

import io.cnn2gnn.topology.app.AppConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A service on topics of its own, of one partition each, with one thread.
 *
 * @param broker host and port
 * @param registryUrl of the schema registry
 * @param bundle the model
 * @param application its id, from which its topics have their names
 * @param folder for state and logs
 */
public record Deployment(
    String broker, String registryUrl, Path bundle, String application, Path folder) {
  /** Where images go. */
  public String images() {
    return application + ".images";
  }

  /** Where answers come from. */
  public String predictions() {
    return application + ".predictions";
  }

  private String deadLetters() {
    return application + ".dead-letters";
  }

  /** The topic from which the bank is restored. */
  public String bankChangelog() {
    return application + "-bank-changelog";
  }

  /** Where an instance of this name keeps its state. */
  public Path state(String instance) {
    return folder.resolve(application + "-" + instance + "-state");
  }

  /** What an instance of this name is told, with other settings laid over it. */
  public Map<String, String> settings(String instance, Map<String, String> more) {
    Map<String, String> p = new HashMap<>();
    p.put("bootstrap.servers", broker);
    p.put("schema.registry.url", registryUrl);
    p.put(AppConfig.BUNDLE, bundle.toAbsolutePath().toString());
    p.put("application.id", application);
    p.put("state.dir", state(instance).toString());
    p.put("num.stream.threads", "1");
    p.put("cnn2gnn.topics.partitions", "1");
    p.put("cnn2gnn.topic.images", images());
    p.put("cnn2gnn.topic.predictions", predictions());
    p.put("cnn2gnn.topic.dead.letters", deadLetters());
    p.putAll(more);
    return p;
  }

  /** Creates its topics. */
  public void create(Admin admin) throws ExecutionException, InterruptedException {
    admin
        .createTopics(userTopics().map(topic -> new NewTopic(topic, 1, (short) 1)).toList())
        .all()
        .get();
  }

  /** Deletes its topics; those of Kafka Streams stay. */
  public void delete(Admin admin) throws ExecutionException, InterruptedException {
    List<String> topics = userTopics().toList();
    admin.deleteTopics(topics).all().get();
  }

  private Stream<String> userTopics() {
    return Stream.of(images(), predictions(), deadLetters());
  }
}
