/**
 * Measures the parts and the whole: microbenchmarks and the load harness. Nothing depends on this
 * package.
 */
package io.paxoslog.bench;
