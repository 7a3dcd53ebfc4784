package io.cnn2gnn.schemas;

import io.cnn2gnn.schemas.avro.Image;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.avro.util.ClassSecurityValidator.ClassSecurityPredicate;

/**
 * Makes Avro accept the generated records. Since 1.12.2 it refuses every class that nobody vouched
 * for, generated ones included. Whatever else the JVM trusts already stays trusted.
 */
final class TrustedRecords {
  static {
    ClassSecurityPredicate others = ClassSecurityValidator.getGlobal();
    ClassSecurityPredicate ours =
        type -> type.getPackageName().equals(Image.class.getPackageName());
    ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(others, ours));
  }

  private TrustedRecords() {}

  /** Returns after the static initialiser ran, which the JVM does once. */
  static void install() {}
}
