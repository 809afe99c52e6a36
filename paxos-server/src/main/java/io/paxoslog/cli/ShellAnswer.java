package io.paxoslog.cli;

/** What came of one line of a shell, and how it is said. */
record ShellAnswer(ShellRequest request, String ok, String error, String why) {
    static final String BAD_LINE = "BAD_LINE";

    private static final String DONE = "true";
    private static final String UNKNOWN = "unknown";

    static ShellAnswer of(ShellRequest request, ShellRequest.Outcome outcome) {
        return outcome.isDone()
                ? new ShellAnswer(request, DONE, "", "")
                : new ShellAnswer(request, "false", outcome.error(), outcome.message());
    }

    static ShellAnswer failed(ShellRequest request, boolean hadNoEffect, String error, String why) {
        return new ShellAnswer(request, hadNoEffect ? "false" : UNKNOWN, error, why);
    }

    static ShellAnswer bad(String why) {
        return new ShellAnswer(null, "false", BAD_LINE, why);
    }

    boolean isDone() {
        return ok.equals(DONE);
    }

    boolean isUnknown() {
        return ok.equals(UNKNOWN);
    }

    void print(Terminal terminal, boolean isJson) {
        if (isJson) {
            terminal.println(json().toString());
        } else if (isDone()) {
            terminal.println(request.text());
        } else {
            terminal.println((isUnknown() ? "unknown: " : "failed: ") + why);
        }
    }

    private Json json() {
        Json json = new Json();
        if (request != null) {
            request.describe(json);
        }
        if (isUnknown()) {
            json.put("ok", ok);
        } else {
            json.put("ok", isDone());
        }
        if (isDone()) {
            request.answer(json);
            return json;
        }
        return json.put("error", error).put("message", why);
    }
}
