/** The models topic: which version of a model answers, which is tried, which is out of use. */
package io.cnn2gnn.schemas.release;
