package io.cnn2gnn.schemas;

import io.cnn2gnn.schemas.avro.Prediction;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import org.apache.kafka.common.header.Headers;

/**
 * Reads predictions in either of the formats that a service writes them in ({@code
 * cnn2gnn.output.format}); a topic may have both. Safe for use by several threads.
 */
public final class PredictionReader {
  private final WireReader<Prediction> wire;
  private final PlainJson<Prediction> json = new PlainJson<>(Prediction.class);

  /** Does not ask the registry yet; for JSON it never does. */
  public PredictionReader(SchemaRegistryClient registry, String topic) {
    this.wire = new WireReader<>(registry, topic, Prediction.class);
  }

  /**
   * Returns the prediction.
   *
   * @param headers of the record
   * @param value of the record, or null
   * @throws UnreadableRecordException if it will never be readable
   * @throws RegistryUnavailableException as {@link WireReader#read}
   */
  public Prediction read(Headers headers, byte[] value) throws UnreadableRecordException {
    // Where a header has the schema's id the value may begin with any byte.
    boolean isJson =
        value != null && PlainJson.is(value) && headers.lastHeader(SchemaId.HEADER) == null;
    return isJson ? json.read(value) : wire.read(headers, value);
  }
}
