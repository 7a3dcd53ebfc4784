package io.cnn2gnn.benchmarks.bank;

import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.OnHeapGraphIndex;
import io.github.jbellis.jvector.graph.RandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.SearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/** jvector's graph on the heap. */
final class Jvector implements NeighbourIndex {
  private static final VectorTypeSupport TYPES =
      VectorizationProvider.getInstance().getVectorTypeSupport();
  private static final VectorSimilarityFunction NEAR = VectorSimilarityFunction.EUCLIDEAN;

  private RandomAccessVectorValues values;
  private OnHeapGraphIndex index;
  private GraphSearcher searcher;

  @Override
  public void build(float[][] vectors) {
    List<VectorFloat<?>> list =
        Arrays.stream(vectors).<VectorFloat<?>>map(TYPES::createFloatVector).toList();
    values = new ListRandomAccessVectorValues(list, vectors[0].length);
    // Node by node, as a bank grows; build() would take all processors.
    GraphIndexBuilder builder =
        new GraphIndexBuilder(
            BuildScoreProvider.randomAccessScoreProvider(values, NEAR),
            vectors[0].length,
            BankBenchmark.LINKS,
            BankBenchmark.BREADTH,
            1.2f,
            1.2f);
    for (int i = 0; i < vectors.length; i++) {
      builder.addGraphNode(i, list.get(i));
    }
    builder.cleanup();
    index = builder.getGraph();
    searcher = new GraphSearcher(index);
  }

  @Override
  public int[] search(float[] query, int k) {
    SearchResult found =
        searcher.search(
            SearchScoreProvider.exact(TYPES.createFloatVector(query), NEAR, values),
            BankBenchmark.BREADTH,
            Bits.ALL);
    return Arrays.stream(found.getNodes()).limit(k).mapToInt(node -> node.node).toArray();
  }

  @Override
  public void close() {
    try {
      searcher.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
