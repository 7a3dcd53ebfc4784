package io.cnn2gnn.schemas;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Why a server's certificate was not accepted. The JDK says it in the cause of a cause. */
public final class CertificateFaults {
  private CertificateFaults() {}

  /**
   * Says it in one line, with what to do.
   *
   * @param server who showed the certificate, as in "the broker at h:1"
   * @param trustStore the key that names the certificates which are trusted
   * @return empty if no certificate is at fault
   */
  public static Optional<String> explain(String server, String trustStore, Throwable fault) {
    Optional<SSLException> tls = find(SSLException.class, fault);
    Optional<CertificateExpiredException> old = find(CertificateExpiredException.class, fault);
    if (old.isPresent()) {
      return Optional.of(
          "the certificate of %s has expired (%s): have it renewed"
              .formatted(server, old.get().getMessage()));
    }
    Optional<CertificateNotYetValidException> early =
        find(CertificateNotYetValidException.class, fault);
    if (early.isPresent()) {
      return Optional.of(
          "the certificate of %s is not valid yet (%s): is the clock of this machine right?"
              .formatted(server, early.get().getMessage()));
    }
    if (find(CertPathBuilderException.class, fault).isPresent()) {
      return Optional.of(
          "the certificate of %s is not trusted: %s must hold the authority that signed it"
              .formatted(server, trustStore));
    }
    Optional<CertificateException> other = find(CertificateException.class, fault);
    if (other.isPresent()) {
      return Optional.of(
          "the certificate of %s is not accepted (%s): is it made for this address?"
              .formatted(server, other.get().getMessage()));
    }
    return tls.map(
        e ->
            "no TLS connection with %s (%s): does it speak TLS at this port?"
                .formatted(server, e.getMessage()));
  }

  private static <E extends Throwable> Optional<E> find(Class<E> type, Throwable fault) {
    for (Throwable e = fault; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return Optional.of(type.cast(e));
      }
    }
    return Optional.empty();
  }
}
