package io.cnn2gnn.model.reference;

import io.cnn2gnn.model.files.Sha256;
import io.cnn2gnn.model.reference.ReferenceRefusedException.Reason;

/**
 * What a record says of the file it points to, and what is made sure of.
 *
 * @param name the URI without its query
 * @param maxBytes the largest file, whatever the record says
 */
record Claim(String name, String sha256, long size, long maxBytes) {
  static Claim of(String uri, String sha256, long size, long maxBytes)
      throws ReferenceRefusedException {
    Claim claim = new Claim(AllowList.withoutQuery(uri), sha256, size, maxBytes);
    if (!Sha256.isDigest(claim.sha256)) {
      throw claim.mismatch("the record's sha256 is not one: '" + claim.sha256 + "'");
    }
    if (claim.size < 1) {
      throw claim.mismatch("the record's size is not one: " + claim.size);
    }
    claim.check(claim.size);
    return claim;
  }

  /** Refuses a file of another length or of too many bytes. */
  void check(long length) throws ReferenceRefusedException {
    if (length > maxBytes) {
      throw refused(
          Reason.REFERENCE_TOO_LARGE,
          "it has more than %d bytes, the most that is fetched".formatted(maxBytes));
    }
    if (length != size) {
      throw mismatch("it has %d bytes, the record says %d".formatted(length, size));
    }
  }

  /** Refuses any file but the one that the record means. */
  void check(byte[] file) throws ReferenceRefusedException {
    if (file.length > size) {
      // Where no length was told, no more than one byte too many was read.
      throw mismatch("it has more than the %d bytes that the record says".formatted(size));
    }
    check(file.length);
    String found = Sha256.hex(file);
    if (!found.equalsIgnoreCase(sha256)) {
      throw mismatch("its sha256 is %s, the record says %s".formatted(found, sha256));
    }
  }

  private ReferenceRefusedException mismatch(String what) {
    return refused(Reason.REFERENCE_MISMATCH, what);
  }

  ReferenceRefusedException refused(Reason reason, String what) {
    return new ReferenceRefusedException(reason, name + ": " + what);
  }

  ReferenceUnavailableException unavailable(String what) {
    return new ReferenceUnavailableException(name + ": " + what);
  }

  ReferenceUnavailableException unavailable(Throwable cause) {
    return new ReferenceUnavailableException(name + ": " + cause, cause);
  }
}
