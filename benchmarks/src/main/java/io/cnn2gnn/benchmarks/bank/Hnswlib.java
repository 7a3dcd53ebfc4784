package io.cnn2gnn.benchmarks.bank;

import com.github.jelmerk.knn.DistanceFunctions;
import com.github.jelmerk.knn.Item;
import com.github.jelmerk.knn.hnsw.HnswIndex;

/** hnswlib's Java form. */
final class Hnswlib implements NeighbourIndex {
  private HnswIndex<Integer, float[], Row, Float> index;

  /** A vector under its id. */
  private static final class Row implements Item<Integer, float[]> {
    private static final long serialVersionUID = 1L;
    private final int id;
    private final float[] vector;

    Row(int id, float[] vector) {
      this.id = id;
      this.vector = vector;
    }

    @Override
    public Integer id() {
      return id;
    }

    @Override
    public float[] vector() {
      return vector;
    }

    @Override
    public int dimensions() {
      return vector.length;
    }
  }

  @Override
  public void build(float[][] vectors) {
    index =
        HnswIndex.newBuilder(
                vectors[0].length, DistanceFunctions.FLOAT_EUCLIDEAN_DISTANCE, vectors.length)
            .withM(BankBenchmark.LINKS)
            .withEfConstruction(BankBenchmark.BREADTH)
            .withEf(BankBenchmark.BREADTH)
            .build();
    for (int i = 0; i < vectors.length; i++) {
      index.add(new Row(i, vectors[i]));
    }
  }

  @Override
  public int[] search(float[] query, int k) {
    return index.findNearest(query, k).stream().mapToInt(found -> found.item().id()).toArray();
  }

  @Override
  public void close() {
    // On the heap.
  }
}
