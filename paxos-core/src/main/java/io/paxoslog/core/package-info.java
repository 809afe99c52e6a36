/**
 * The protocol as a pure object: it hears method calls and speaks method calls. No clock, thread,
 * file, socket, random, logger or codec may enter.
 */
package io.paxoslog.core;
