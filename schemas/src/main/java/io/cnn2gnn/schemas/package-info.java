/**
 * The only place that knows the schema registry: reads and writes the records of {@code
 * io.cnn2gnn.schemas.avro}, which are generated from the contracts in {@code src/main/avro}.
 */
package io.cnn2gnn.schemas;
