package io.cnn2gnn.intake.files;

import io.cnn2gnn.model.bundle.ClassName;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** Folders that are named after a class of images. */
public final class ClassFolder {
  private ClassFolder() {}

  /** The class: percent-decoded, for classes with a character that no folder can have. */
  public static String className(String folder) {
    try {
      return ClassName.of(URLDecoder.decode(folder.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      // A per cent sign that is just a per cent sign.
      return ClassName.of(folder);
    }
  }
}
