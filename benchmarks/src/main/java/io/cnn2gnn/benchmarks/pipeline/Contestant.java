package io.cnn2gnn.benchmarks.pipeline;

/**
 * Ways to get labels for images on a topic. The service, with or without transactions, the loop and
 * mapValues, which has the service's decoder, take image files as they are, and so does the one in
 * memory. Those of the {@link Adapter} do not: whoever made their records has decoded the images
 * and brought them to the model's size.
 */
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
  /** A published adapter: samples as JSON, ONNX Runtime answers each record by the same CNN. */
  ONNX_PER_RECORD("JSON adapter, ONNX Runtime per record", true),
  /** The same around a model that answers at once. */
  JSON_WITHOUT_MODEL("JSON adapter, null model", true),
  /** The same with Jackson's mapper made once, which the published code makes for each record. */
  JSON_ONE_MAPPER("JSON adapter, null model, one mapper", true),
  /** Decoder, student and bank in memory, without Kafka. */
  MEMORY("memory, same student");

  private final String title;
  private final boolean readsJson;

  Contestant(String title) {
    this(title, false);
  }

  Contestant(String title, boolean readsJson) {
    this.title = title;
    this.readsJson = readsJson;
  }

  /** Whether its input are decoded samples as JSON, not image files. */
  boolean readsJson() {
    return readsJson;
  }

  /** For people. */
  public String title() {
    return title;
  }
}
