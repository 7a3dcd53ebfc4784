package io.cnn2gnn.benchmarks.buffers;

/** One life of one variant: its application id, and the topics named after it. */
record Run(String name) {
  static final int PARTITIONS = 2;

  String images() {
    return name + "-images";
  }

  String answers() {
    return name + "-answers";
  }

  String changelog() {
    return name + "-" + BufferTopology.STORE + "-changelog";
  }
}
