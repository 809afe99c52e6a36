/**
 * What is compared: each contender starts nodes and connects clients behind the same two
 * interfaces. Nothing in here measures.
 */
package io.paxoslog.bench.contender;
