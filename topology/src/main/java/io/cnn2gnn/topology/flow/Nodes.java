package io.cnn2gnn.topology.flow;

/**
 * Names of the topology's nodes and stores. Changing one changes internal topics: see the golden
 * test.
 */
public final class Nodes {
  public static final String IMAGES = "images-source";
  public static final String LABELS = "labels-source";
  public static final String LABEL = "label";
  public static final String DECODE = "decode";
  public static final String BATCH = "batch";
  public static final String CLASSIFY = "classify";
  public static final String INPUTS = "inputs-source";
  public static final String GATHER = "gather";
  public static final String GATHERED = "images-sink";
  public static final String PREDICTIONS = "predictions-sink";
  public static final String DEAD_LETTERS = "dead-letter-sink";
  public static final String LABELLED = "labelled-sink";
  public static final String LABEL_OUTCOMES = "label-outcomes-sink";
  public static final String RECENT_STORE = "recent";
  public static final String WAITING_STORE = "labels-waiting";
  public static final String PENDING_STORE = "pending";
  public static final String BANK_STORE = "bank";

  private Nodes() {}
}
