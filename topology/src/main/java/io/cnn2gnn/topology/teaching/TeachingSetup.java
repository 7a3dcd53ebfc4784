package io.cnn2gnn.topology.teaching;

import io.cnn2gnn.topology.deadletter.DeadLetters;
import io.cnn2gnn.topology.serving.ServedModel;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Makes what labels do, for each task.
 *
 * @param config what labels may do
 * @param parts shared by tasks
 * @param deadLetters of records that are no labels
 */
public record TeachingSetup(TeachingConfig config, TeachingParts parts, DeadLetters deadLetters) {
  /**
   * That of a task.
   *
   * @param model that answers
   * @param relabel says in the bank that an image's class is known, or no longer
   */
  public Teaching open(
      ProcessorContext<byte[], Object> context,
      ServedModel model,
      BiConsumer<String, Optional<String>> relabel) {
    return new Teaching(config, parts, deadLetters, context, model, relabel);
  }
}
