package io.cnn2gnn.benchmarks.pipeline;

/**
 * Ways to get labels for images on a topic. The service, with or without transactions, the loop and
 * mapValues, which has the service's decoder, take image files as they are, and so does the one in
 * memory. Those of the {@link Adapter} do not: whoever made their records has decoded the images
 * and brought them to the model's size, as for the service that takes samples.
 */
public enum Contestant {
  /** This project's service as it is. */
  SERVICE("service"),
  /** Its topology, but at least once. */
  AT_LEAST_ONCE("service, at least once"),
  /** Its topology around a model that answers at once. */
  SERVICE_WITHOUT_MODEL("service, null model"),
  /** The same, given what the adapters are given: samples of the model's size, as bytes. */
  SERVICE_ON_SAMPLES("service, null model, decoded samples", Input.SAMPLES),
  /** A consumer that classifies what a poll brings with the same student, without transactions. */
  POLL_LOOP("consumer loop, same student"),
  /** Kafka Streams mapValues, a CNN answers each record. */
  MAP_VALUES_CNN("mapValues, CNN per record"),
  /** The same around a model that answers at once. */
  MAP_VALUES_WITHOUT_MODEL("mapValues, null model"),
  /** A published adapter: samples as JSON, ONNX Runtime answers each record by the same CNN. */
  ONNX_PER_RECORD("JSON adapter, ONNX Runtime per record", Input.JSON),
  /** The same around a model that answers at once. */
  JSON_WITHOUT_MODEL("JSON adapter, null model", Input.JSON),
  /** The same with Jackson's mapper made once, which the published code makes for each record. */
  JSON_ONE_MAPPER("JSON adapter, null model, one mapper", Input.JSON),
  /** Decoder, student and bank in memory, without Kafka. */
  MEMORY("memory, same student");

  private final String title;
  private final Input input;

  Contestant(String title) {
    this(title, Input.FILES);
  }

  Contestant(String title, Input input) {
    this.title = title;
    this.input = input;
  }

  /** What it reads. */
  Input input() {
    return input;
  }

  /** For people. */
  public String title() {
    return title;
  }

  /** In which form images lie on a topic; each has a topic of its own. */
  enum Input {
    /** Image records of files. */
    FILES,
    /** Image records of decoded samples. */
    SAMPLES,
    /** The adapter's records, of the same samples. */
    JSON
  }
}
