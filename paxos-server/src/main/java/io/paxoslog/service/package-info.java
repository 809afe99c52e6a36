/**
 * Applies chosen slots to the state machine of the application, once per session and sequence.
 * Everything here is deterministic: no clock, random, thread, logger, file or socket.
 */
package io.paxoslog.service;
