package io.cnn2gnn.topology.decode;

import io.cnn2gnn.topology.decode.DecodeAhead.Pending;
import io.cnn2gnn.topology.flow.Source;
import io.cnn2gnn.topology.input.InputRecords;
import io.cnn2gnn.topology.serving.ActiveModel;

/**
 * The images of the input topic, as tasks get at them.
 *
 * @param topic that they come from
 * @param records gives its records again
 * @param decoding makes images of records
 * @param models the one in service says to which size
 */
public record InputImages(
    String topic, InputRecords records, DecodeAhead decoding, ActiveModel models) {
  /** Begins to decode a record for the model in service. */
  public Pending begin(Source source) {
    return decoding.begin(source, models.card().student().input());
  }
}
