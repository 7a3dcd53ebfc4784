package io.cnn2gnn.model.bundle;

import java.text.Normalizer;

/** The name of a class, so written that two names that look the same are the same. */
public final class ClassName {
  private ClassName() {}

  /** In composed form: macOS takes letters and their accents apart in names of files. */
  public static String of(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFC);
  }
}
