/**
 * Makes tables and pictures out of what runs have noted. Nothing in here starts or measures
 * anything.
 */
package io.paxoslog.bench.report;
