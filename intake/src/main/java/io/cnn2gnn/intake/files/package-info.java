/** Image files in folders and zips: one rule of what counts, for all that read such. */
package io.cnn2gnn.intake.files;
