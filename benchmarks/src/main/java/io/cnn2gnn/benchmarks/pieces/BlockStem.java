package io.cnn2gnn.benchmarks.pieces;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.cnn2gnn.model.image.InputSpec;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The student's stem of DJL's blocks: {@code Conv2d} with its batch norm folded, as in serving, or
 * with a {@code BatchNorm} behind it, as in training.
 */
final class BlockStem extends AbstractBlock {
  private static final float MOMENTUM = 0.9f;
  private static final float EPSILON = 1e-5f;

  private record Layer(Block conv, Optional<Block> norm, boolean residual) {}

  private final List<Layer> layers = new ArrayList<>();
  private final InputSpec input;
  private final Parameter mean;
  private final Parameter scale;
  private final Block pool;
  private final Shape out;

  /**
   * Lays it out.
   *
   * @param tensors of the student's form for training, or of that for serving
   */
  BlockStem(StudentSpec spec, Map<String, Tensor> tensors) {
    input = spec.input();
    float[] means = new float[input.channels()];
    float[] scales = new float[input.channels()];
    for (int c = 0; c < means.length; c++) {
      means[c] = 255 * input.mean().get(c);
      scales[c] = 1 / (255 * input.deviation().get(c));
    }
    mean = constant("mean", means);
    scale = constant("scale", scales);
    long extent = input.height();
    long channels = input.channels();
    for (int i = 0; i < spec.widths().size(); i++) {
      String name = "conv" + i;
      int stride = spec.strides().get(i);
      boolean residual = channels == spec.widths().get(i) && stride == 1;
      boolean folded = tensors.containsKey(name + "_bias");
      long side = tensors.get(name).shape()[2];
      Conv2d conv =
          Conv2d.builder()
              .setKernelShape(new Shape(side, side))
              .setFilters(spec.widths().get(i))
              .optStride(new Shape(stride, stride))
              .optPadding(new Shape(side / 2, side / 2))
              .optBias(folded)
              .build();
      Blocks.set(conv, "weight", tensors.get(name));
      Optional<Block> norm = Optional.empty();
      if (folded) {
        Blocks.set(conv, "bias", tensors.get(name + "_bias"));
      } else {
        norm = Optional.of(addChildBlock(name + "_norm", norm(name, tensors)));
      }
      layers.add(new Layer(addChildBlock(name, conv), norm, residual));
      extent = (extent - 1) / stride + 1;
      channels = spec.widths().get(i);
    }
    if (input.height() != input.width() || extent % spec.pool() != 0) {
      throw new IllegalArgumentException(
          "DJL's pooling needs a square map that the grid divides: " + extent);
    }
    Shape cell = new Shape(extent / spec.pool(), extent / spec.pool());
    pool = Pool.avgPool2dBlock(cell, cell);
    out = new Shape(-1, spec.features());
  }

  private static Block norm(String name, Map<String, Tensor> tensors) {
    Block norm = BatchNorm.builder().optEpsilon(EPSILON).optMomentum(MOMENTUM).build();
    Blocks.set(norm, "gamma", tensors.get(name + "_gamma"));
    Blocks.set(norm, "beta", tensors.get(name + "_beta"));
    Blocks.set(norm, "runningMean", tensors.get(name + "_running_mean"));
    Blocks.set(norm, "runningVar", tensors.get(name + "_running_var"));
    return norm;
  }

  /** A tensor that does not learn. */
  private Parameter constant(String name, float[] values) {
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(Parameter.Type.OTHER)
            .optRequiresGrad(false)
            .optShape(new Shape(values.length))
            .optInitializer((manager, shape, type) -> manager.create(values, shape))
            .build());
  }

  /** Images of uint8 [b, height, width, channels] as normalised floats, the channels first. */
  private NDArray normalised(ParameterStore store, NDArray images, boolean training) {
    return images
        .toType(DataType.FLOAT32, true)
        .subi(store.getValue(mean, images.getDevice(), training))
        .muli(store.getValue(scale, images.getDevice(), training))
        .transpose(0, 3, 1, 2);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
    NDArray x = normalised(store, inputs.head(), training);
    for (Layer layer : layers) {
      NDList y = layer.conv().forward(store, new NDList(x), training);
      if (layer.norm().isPresent()) {
        y = layer.norm().get().forward(store, y, training);
      }
      x = Activation.relu(layer.residual() ? y.head().add(x) : y.head());
    }
    x = pool.forward(store, new NDList(x), training).head();
    return new NDList(x.reshape(x.getShape().get(0), -1));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    Shape shape = new Shape(1, input.channels(), input.height(), input.width());
    for (Layer layer : layers) {
      layer.conv().initialize(manager, type, shape);
      shape = layer.conv().getOutputShapes(new Shape[] {shape})[0];
      Shape after = shape;
      layer.norm().ifPresent(norm -> norm.initialize(manager, type, after));
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] shapes) {
    return new Shape[] {out};
  }
}
