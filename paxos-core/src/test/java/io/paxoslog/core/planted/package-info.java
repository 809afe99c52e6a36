/**
 * Bugs planted on purpose: mutated copies of production sources, each with the test that must fail
 * on it. Serves the other modules too, so nothing here may know the core.
 */
package io.paxoslog.core.planted;
