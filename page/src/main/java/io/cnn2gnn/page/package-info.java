/**
 * A live page of what a service answers: watch it, ask why, correct it. It reads and writes topics
 * as any client does; no service knows of it.
 */
package io.cnn2gnn.page;
