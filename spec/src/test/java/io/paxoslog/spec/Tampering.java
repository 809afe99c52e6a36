package io.paxoslog.spec;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Changes one line of a trace, so that it tells of something that must not happen. */
enum Tampering {
    LEADS_WITHOUT_PROMISES("(Leads\\(.*\\{).*", "$1})"),
    REPORTS_ANOTHER_COMMIT_INDEX("(Answered\\(\\d+, \\d+), \\d+(.*)", "$1, 39$2"),
    PROPOSES_ANOTHER_VALUE("(Proposed\\(.*), \\d+\\)", "$1, 77)"),
    ACCEPTS_ANOTHER_VALUE("(Accepted\\(.*), \\d+\\)", "$1, 77)"),
    VOTES_FOR_WHAT_IT_LACKS("(Voted\\(.*), \\d+\\)", "$1, 40)"),
    COUNTS_WITHOUT_VOTES("(Counted\\(.*\\{).*", "$1})"),
    LEARNS_ANOTHER_VALUE("(Learnt\\(.*), \\d+\\)", "$1, 77)"),
    FORGETS_ITS_PROMISE("(Restarted\\(\\d+), [1-9]\\d*(.*)", "$1, 0$2");

    private final Pattern line;
    private final String instead;

    Tampering(String line, String instead) {
        this.line = Pattern.compile(line);
        this.instead = instead;
    }

    /**
     * Changes the first line that can be changed so.
     *
     * @return how it reads now
     */
    String change(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            Matcher matcher = line.matcher(lines.get(i));
            if (matcher.matches()) {
                lines.set(i, matcher.replaceFirst(instead));
                return lines.get(i);
            }
        }
        throw new IllegalArgumentException("no line to change for " + name());
    }
}
