package io.cnn2gnn.schemas;

import io.cnn2gnn.schemas.avro.Prediction;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;

/**
 * Reads predictions in either of the formats that a service writes them in ({@code
 * cnn2gnn.output.format}); a topic may have both. Safe for use by several threads.
 */
public final class PredictionReader {
  private final WireReader<Prediction> wire;
  private final PlainJson<Prediction> json = new PlainJson<>(Prediction.class);

  /** Does not ask the registry yet; for JSON it never does. */
  public PredictionReader(SchemaRegistryClient registry) {
    this.wire = new WireReader<>(registry, Prediction.class);
  }

  /**
   * Returns the prediction.
   *
   * @param value of the record, or null
   * @throws UnreadableRecordException if it will never be readable
   * @throws RegistryUnavailableException as {@link WireReader#read}
   */
  public Prediction read(byte[] value) throws UnreadableRecordException {
    return value != null && PlainJson.is(value) ? json.read(value) : wire.read(value);
  }
}
