package io.cnn2gnn.benchmarks.pieces;

import java.io.ByteArrayOutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The student as TorchScript beside the same of DJL's blocks, with a bank of 2,048 rows: an answer,
 * and a step of training without the optimiser. What the third decision rests on.
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
    students =
        new TwoStudents(
            material.bundle().card().student(),
            material.bundle().weights(),
            samples.toByteArray(),
            ROWS);
    same(students.answerOfScript(), students.answerOfBlocks());
    same(new float[] {scriptStep()}, new float[] {blocksStep()});
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

  /** A step of the script. */
  @Benchmark
  public float scriptStep() {
    return students.stepOfScript((name, weight, gradient) -> {});
  }

  /** A step of blocks. */
  @Benchmark
  public float blocksStep() {
    return students.stepOfBlocks((name, weight, gradient) -> {});
  }

  /** Frees both. */
  @TearDown
  public void close() {
    students.close();
  }
}
