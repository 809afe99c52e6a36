package io.paxoslog.client;

/** Carries over UDP until the test breaks it. */
final class BreakingCarrier implements Carrier {
    private final Carrier network;
    private final Switch toBreak;

    private BreakingCarrier(Carrier network, Switch toBreak) {
        this.network = network;
        this.toBreak = toBreak;
    }

    /** Breaks carriers. */
    static final class Switch implements AutoCloseable {
        private volatile boolean isToBreak;

        Carrier.Factory carriers() {
            return (config, bell) ->
                    new BreakingCarrier(ClientDriver.network().open(config, bell), this);
        }

        void now() {
            isToBreak = true;
        }

        @Override
        public void close() {
            isToBreak = false;
        }
    }

    @Override
    public int poll(Listener listener) {
        if (toBreak.isToBreak) {
            throw new IllegalStateException("broken by the test");
        }
        return network.poll(listener);
    }

    @Override
    public int invoke() {
        return network.invoke();
    }

    @Override
    public String whyNoAnswer() {
        return network.whyNoAnswer();
    }

    @Override
    public MemberLine connect(String member, int largestMessageBytes) {
        return network.connect(member, largestMessageBytes);
    }

    @Override
    public String responseEndpoint(String member) {
        return network.responseEndpoint(member);
    }

    @Override
    public void close() {
        network.close();
    }
}
