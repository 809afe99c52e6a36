/**
 * The side of a node that clients talk to: sessions and commands in, replies out. Bytes of the
 * client schema live here, the effect of a command does not.
 */
package io.paxoslog.gateway;
