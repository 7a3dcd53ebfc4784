package io.cnn2gnn.benchmarks.pieces;

import io.cnn2gnn.model.graph.Ranking;
import io.cnn2gnn.model.net.Student;
import io.cnn2gnn.model.net.StudentSpec;
import java.io.ByteArrayOutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A student with graph layers as TorchScript beside the same of DJL's blocks, with a bank of 2,048
 * rows. What the third decision rests on.
 */
@State(Scope.Benchmark)
public class ScriptOrBlocks {
  private static final int ROWS = 2048;
  private static final float TOLERANCE = 1e-3f;

  @Param({"1", "8", "64"})
  public int batch;

  private TwoStudents students;

  /** Makes both, and refuses to time two that answer differently. */
  @Setup
  public void open() throws Exception {
    Material material = new Material();
    ByteArrayOutputStream samples = new ByteArrayOutputStream();
    material.decoded().subList(0, batch).forEach(i -> samples.writeBytes(i.query().pixels()));
    StudentSpec shipped = material.bundle().card().student();
    StudentSpec spec =
        new StudentSpec(
            shipped.input(),
            shipped.widths(),
            shipped.strides(),
            shipped.pool(),
            shipped.projection(),
            shipped.hidden(),
            shipped.classes(),
            shipped.neighbours(),
            0.3f,
            Ranking.LEARNED,
            true);
    students =
        new TwoStudents(spec, Student.initial(spec, Material.SEED), samples.toByteArray(), ROWS);
    same(students.answerOfScript(), students.answerOfBlocks());
  }

  private static void same(float[] script, float[] blocks) {
    for (int i = 0; i < script.length; i++) {
      if (!(Math.abs(script[i] - blocks[i]) <= TOLERANCE * (1 + Math.abs(script[i])))) {
        throw new IllegalStateException(
            "value " + i + " is " + script[i] + " of the script, " + blocks[i] + " of blocks");
      }
    }
  }

  /** An answer of the script. */
  @Benchmark
  public float[] scriptAnswer() {
    return students.answerOfScript();
  }

  /** An answer of blocks. */
  @Benchmark
  public float[] blocksAnswer() {
    return students.answerOfBlocks();
  }

  /** Frees both. */
  @TearDown
  public void close() {
    students.close();
  }
}
