package io.paxoslog.server;

/**
 * A setting is missing, wrong or at odds with another: which, what it was, and what would be right.
 */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConfigException(String message) {
        super(message);
    }
}
