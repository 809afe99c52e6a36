/**
 * Lets TLC check the specification as part of the build. Knows nothing of the code that is
 * specified.
 */
package io.paxoslog.spec;
