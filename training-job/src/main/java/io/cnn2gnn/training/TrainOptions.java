package io.cnn2gnn.training;

import io.cnn2gnn.training.fit.Schedule;
import io.cnn2gnn.training.fit.StudentFit;
import java.nio.file.Path;
import java.util.List;

/**
 * A training run.
 *
 * @param data folder of IDX files
 * @param classes names by index; empty to take them from the data
 * @param out where the bundle goes; beside it a folder {@code <out>.work} keeps the trained teacher
 * @param name of the model
 * @param version of the model
 * @param command recorded in the model card
 * @param seed of every random choice
 * @param device auto, cpu or gpu
 * @param teacherDepth 6n + 2
 * @param teacherWidth channels of its first stage
 * @param teacherSchedule how the teacher learns
 * @param widths of the student's stem
 * @param strides of the student's stem
 * @param pool side of the grid that the stem's last map is averaged to
 * @param neighbours s
 * @param mix weight of the neighbourhood beside the image itself
 * @param schedule how the student learns
 * @param recipe what it learns from the teacher
 * @param prototypesPerClass shipped in the bundle
 */
public record TrainOptions(
    Path data,
    List<String> classes,
    Path out,
    String name,
    String version,
    String command,
    long seed,
    String device,
    int teacherDepth,
    int teacherWidth,
    Schedule teacherSchedule,
    List<Integer> widths,
    List<Integer> strides,
    int pool,
    int neighbours,
    float mix,
    Schedule schedule,
    StudentFit.Recipe recipe,
    int prototypesPerClass) {
  public TrainOptions {
    classes = List.copyOf(classes);
    widths = List.copyOf(widths);
    strides = List.copyOf(strides);
    if (prototypesPerClass < 1) {
      throw new IllegalArgumentException("at least one prototype per class is needed");
    }
  }
}
