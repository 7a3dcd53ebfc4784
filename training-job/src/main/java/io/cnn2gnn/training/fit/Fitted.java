package io.cnn2gnn.training.fit;

import io.cnn2gnn.model.torch.Tensor;
import java.util.List;
import java.util.Map;

/**
 * What a training run gave.
 *
 * @param tensors the last ones, or with early stopping the best
 * @param history of all epochs, those before a resume included
 */
public record Fitted(Map<String, Tensor> tensors, List<Epoch> history) {}
