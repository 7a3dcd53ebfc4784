package io.cnn2gnn.page;

import io.cnn2gnn.schemas.avro.ModelEvent;

/**
 * What a service has told of a model.
 *
 * @param number in the order of their coming
 */
record ModelNews(long number, ModelEvent event) {}
