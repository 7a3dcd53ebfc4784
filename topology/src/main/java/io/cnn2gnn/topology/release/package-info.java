/**
 * Follows the models topic: fetches what is released, lets it prove itself, tries candidates in the
 * shadow of the active model, and exchanges the active one. All of it off the stream threads.
 */
package io.cnn2gnn.topology.release;
