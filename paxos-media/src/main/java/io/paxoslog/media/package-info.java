/**
 * How an embedded media driver is set up and given its turns on the thread of its user, what of all
 * that strangers send reaches it, and where hosts are found.
 */
package io.paxoslog.media;
