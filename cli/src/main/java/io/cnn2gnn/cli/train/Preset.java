package io.cnn2gnn.cli.train;

/** Defaults of a training run, for those options that are not given. */
enum Preset {
  STANDARD("resnet8x32", 0, 64, 0, 128, 0, 0.5f),
  QUICK("resnet8x16", 10, 32, 15, 32, 4, 0);

  private final String teacher;
  private final int teacherEpochs;
  private final int teacherBatch;
  private final int epochs;
  private final int batch;
  private final int views;
  private final float mixup;

  Preset(
      String teacher,
      int teacherEpochs,
      int teacherBatch,
      int epochs,
      int batch,
      int views,
      float mixup) {
    this.teacher = teacher;
    this.teacherEpochs = teacherEpochs;
    this.teacherBatch = teacherBatch;
    this.epochs = epochs;
    this.batch = batch;
    this.views = views;
    this.mixup = mixup;
  }

  String teacher() {
    return teacher;
  }

  int teacherEpochs() {
    return teacherEpochs;
  }

  int teacherBatch() {
    return teacherBatch;
  }

  int epochs() {
    return epochs;
  }

  int batch() {
    return batch;
  }

  int views() {
    return views;
  }

  float mixup() {
    return mixup;
  }
}
