/** What becomes of records and of releases' bundles, decided once for serving and for training. */
package io.cnn2gnn.intake;
