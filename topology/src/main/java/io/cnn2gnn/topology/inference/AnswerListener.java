package io.cnn2gnn.topology.inference;

import io.cnn2gnn.model.inference.Answer;
import io.cnn2gnn.topology.flow.DecodedImage;
import io.cnn2gnn.topology.serving.ServedModel;
import java.util.List;

/**
 * Hears of every batch that was answered, on its stream thread: whatever takes longer than a moment
 * belongs on another one. A batch may come twice, if its transaction was aborted.
 */
public interface AnswerListener {
  /**
   * A batch was answered.
   *
   * @param model that answered
   * @param images of the batch that were answered, in order
   * @param answers one each
   * @param nanos that the whole batch took
   */
  void answered(ServedModel model, List<DecodedImage> images, List<Answer> answers, long nanos);
}
