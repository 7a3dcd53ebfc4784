package io.cnn2gnn.benchmarks.pieces;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;

/** The student's two losses as operations on {@code NDArray}, for labelled images. */
final class BlockLoss {
  private static final float FAR = 1e30f;

  private BlockLoss() {}

  /** (1 - lambda) CE + lambda T^2 KL(teacher || student), averaged over the batch. */
  static NDArray distillation(
      NDArray logits, NDArray labels, NDArray teacher, float lambda, float temperature) {
    int classes = (int) logits.getShape().get(1);
    NDArray truth = labels.oneHot(classes);
    NDArray hard = logits.logSoftmax(1).mul(truth).sum(new int[] {1}).neg();
    NDArray p = teacher.div(temperature).softmax(1);
    NDArray q = logits.div(temperature).logSoftmax(1);
    NDArray soft = p.mul(p.log().sub(q)).sum(new int[] {1}).mul(temperature * temperature);
    return hard.mul(1 - lambda).add(soft.mul(lambda)).mean();
  }

  /** -log of the own class's share of softmax(-10 d), averaged over the batch. */
  static NDArray neighbourhood(
      NDArray v, NDArray metrics, NDArray known, NDArray bankKnown, NDArray labels) {
    NDArray itself = v.getManager().eye((int) v.getShape().get(0)).mul(FAR);
    NDArray mates = distance(v, v).add(itself);
    NDArray rows = distance(v, metrics);
    NDArray voter = known.concat(bankKnown).expandDims(0);
    NDArray unknown = voter.eq(0).toType(DataType.FLOAT32, false).mul(FAR);
    NDArray d = NDArrays.concat(new NDList(mates, rows), 1).add(unknown);
    NDArray own = voter.eq(labels.add(1).expandDims(1)).logicalAnd(d.lt(FAR / 2));
    NDArray ruled = own.logicalNot().toType(DataType.FLOAT32, false).mul(-FAR);
    NDArray share = d.mul(-10).logSoftmax(1).add(ruled);
    NDArray most = share.max(new int[] {1}, true).stopGradient();
    NDArray right = share.sub(most).exp().sum(new int[] {1}).log().add(most.squeeze(1));
    NDArray valid = most.squeeze(1).gt(-FAR / 2);
    return NDArrays.where(valid, right, right.zerosLike()).mean().neg();
  }

  private static NDArray distance(NDArray a, NDArray b) {
    return a.matMul(b.transpose()).mul(-2).add(2).maximum(0);
  }
}
