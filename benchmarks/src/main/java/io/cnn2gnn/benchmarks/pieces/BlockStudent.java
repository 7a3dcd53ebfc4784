package io.cnn2gnn.benchmarks.pieces;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.net.StudentSpec;
import io.cnn2gnn.model.torch.Tensor;
import java.util.Map;

/**
 * The student as DJL's documents would have it, of blocks and operations on {@code NDArray}: what
 * the TorchScript is measured against. The same equations with the same weights, for batch and bank
 * as candidates; the branch for rows of equal distances is left out.
 *
 * <p>{@code forward(images, known, bank, bankKnown)} -> (logits, rows, v). No row of the bank is an
 * image's own.
 */
final class BlockStudent extends AbstractBlock {
  private static final float FAR = -1e30f;

  private final StudentSpec spec;
  private final Block stem;
  private final Block projection;
  private final Block w1;
  private final Block w2;
  private final Parameter b1;
  private final Parameter b2;
  private final Parameter gate1;
  private final Parameter gate2;
  private final Parameter labels;

  BlockStudent(StudentSpec spec, Map<String, Tensor> tensors) {
    if (spec.ranking() != Ranking.LEARNED || !spec.labels()) {
      throw new IllegalArgumentException("only for a learned ranking with labels as features");
    }
    this.spec = spec;
    stem = addChildBlock("stem", new BlockStem(spec, tensors));
    projection = addChildBlock("projection", Blocks.linear(tensors.get("projection")));
    w1 = addChildBlock("w1", Blocks.linear(tensors.get("w1")));
    w2 = addChildBlock("w2", Blocks.linear(tensors.get("w2")));
    b1 = own("b1", tensors);
    b2 = own("b2", tensors);
    gate1 = own("gate1", tensors);
    gate2 = own("gate2", tensors);
    labels = own("labels", tensors);
  }

  private Parameter own(String name, Map<String, Tensor> tensors) {
    Tensor tensor = tensors.get(name);
    return addParameter(
        Parameter.builder()
            .setName(name)
            .setType(Parameter.Type.OTHER)
            .optShape(new Shape(tensor.shape()))
            .optInitializer((manager, shape, type) -> manager.create(tensor.data(), shape))
            .build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store, NDList inputs, boolean training, PairList<String, Object> parameters) {
    NDArray bank = inputs.get(2);
    int q = spec.projection();
    int h = q + spec.hidden();
    NDArray x = stem.forward(store, new NDList(inputs.get(0)), training).head();
    NDArray u = projection.forward(store, new NDList(x), training).head();
    NDArray v = u.div(u.norm(new int[] {1}, true).maximum(1e-12f));
    NDList graph = graph(v, bank.get(new NDIndex(":, :" + q)));
    NDArray index = graph.get(0);
    NDArray weight = graph.get(1);

    NDArray a1 = Activation.sigmoid(value(store, gate1, v, training));
    NDArray a2 = Activation.sigmoid(value(store, gate2, v, training));
    NDArray m1 = w1.forward(store, new NDList(x), training).head();
    NDArray n1 = propagate(index, weight, m1, bank.get(new NDIndex(":, " + q + ":" + h)), a1);
    NDArray table = value(store, labels, v, training);
    n1 = n1.add(told(index, weight, inputs.get(1), inputs.get(3), table).mul(a1));
    NDArray hidden = Activation.relu(n1.add(value(store, b1, v, training)));
    NDArray m2 = w2.forward(store, new NDList(hidden), training).head();
    NDArray n2 = propagate(index, weight, m2, bank.get(new NDIndex(":, " + h + ":")), a2);
    NDArray logits = n2.add(value(store, b2, v, training));
    return new NDList(logits, NDArrays.concat(new NDList(v, m1, m2), 1).stopGradient(), v);
  }

  private static NDArray value(
      ParameterStore store, Parameter parameter, NDArray like, boolean training) {
    return store.getValue(parameter, like.getDevice(), training);
  }

  /** Formula (H) over batch mates and bank rows. */
  private NDList graph(NDArray v, NDArray metrics) {
    int k = spec.neighbours();
    NDArray itself = v.getManager().eye((int) v.getShape().get(0)).mul(FAR);
    NDArray mates = v.matMul(v.transpose()).add(itself);
    NDArray rows = v.matMul(metrics.transpose());
    NDList best = NDArrays.concat(new NDList(mates, rows), 1).topK(k + 1, 1, true, true);
    NDArray d = best.get(0).mul(-2).add(2).maximum(0);
    NDArray threshold = d.get(new NDIndex(":, " + k + ":"));
    NDArray gap = threshold.sub(d.get(new NDIndex(":, :" + k)));
    NDArray weight = gap.div(gap.sum(new int[] {1}, true));
    return new NDList(best.get(1).get(new NDIndex(":, :" + k)), weight);
  }

  private static NDArray propagate(
      NDArray index, NDArray weight, NDArray own, NDArray bank, NDArray share) {
    long b = own.getShape().get(0);
    NDArray flat = index.flatten();
    NDArray mate = own.get(new NDIndex("{}", flat.minimum(b - 1)));
    NDArray row = bank.get(new NDIndex("{}", flat.sub(b).maximum(0)));
    NDArray inBatch = flat.lt(b).expandDims(1).broadcast(mate.getShape());
    NDArray got = NDArrays.where(inBatch, mate, row);
    NDArray agreed = summed(weight, got);
    NDArray rest = weight.sum(new int[] {1}, true).mul(share).neg().add(1);
    return own.mul(rest).add(agreed.mul(share));
  }

  /** What the neighbours' labels add; with an own ranking apart no node is its own neighbour. */
  private static NDArray told(
      NDArray index, NDArray weight, NDArray known, NDArray bankKnown, NDArray table) {
    NDArray label = known.concat(bankKnown).get(new NDIndex("{}", index.flatten()));
    return summed(weight, table.get(new NDIndex("{}", label)));
  }

  private static NDArray summed(NDArray weight, NDArray rows) {
    Shape shape = weight.getShape();
    NDArray got = rows.reshape(shape.get(0), shape.get(1), rows.getShape().get(1));
    return weight.expandDims(1).batchMatMul(got).squeeze(1);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
    Shape x = new Shape(1, spec.features());
    stem.initialize(manager, type, shapes[0]);
    projection.initialize(manager, type, x);
    w1.initialize(manager, type, x);
    w2.initialize(manager, type, new Shape(1, spec.hidden()));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] shapes) {
    return new Shape[] {new Shape(-1, spec.classes())};
  }
}
