package io.cnn2gnn.benchmarks.pipeline;

/** Ways to get labels for images on a topic. */
public enum Contestant {
  /** This project's service as it is. */
  SERVICE("service"),
  /** Its topology, but at least once. */
  AT_LEAST_ONCE("service, at least once"),
  /** Its topology around a model that answers at once. */
  SERVICE_WITHOUT_MODEL("service, null model"),
  /** A consumer that classifies what a poll brings with the same student, without transactions. */
  POLL_LOOP("consumer loop, same student"),
  /** Kafka Streams mapValues, a CNN answers each record. */
  MAP_VALUES_CNN("mapValues, CNN per record"),
  /** The same around a model that answers at once. */
  MAP_VALUES_WITHOUT_MODEL("mapValues, null model"),
  /** Decoder, student and bank in memory, without Kafka. */
  MEMORY("memory, same student");

  private final String title;

  Contestant(String title) {
    this.title = title;
  }

  /** For people. */
  public String title() {
    return title;
  }
}
