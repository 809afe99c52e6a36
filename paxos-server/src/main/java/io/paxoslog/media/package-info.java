/** How an embedded media driver is set up and given its turns on the thread of its user. */
package io.paxoslog.media;
