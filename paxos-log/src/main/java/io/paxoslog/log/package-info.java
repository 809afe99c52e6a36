/**
 * What a replica writes down, and how it is read again, on Chronicle Queue. The only package that
 * may know Chronicle; nothing here decides anything about the protocol.
 */
package io.paxoslog.log;
