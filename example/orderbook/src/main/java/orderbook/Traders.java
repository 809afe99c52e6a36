package orderbook;

import java.util.List;
import java.util.Random;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/** Two parties that trade with one another at a steady rate, and one that follows the market. */
final class Traders {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int MID = 10_000;
    private static final int WIDTH = 5;
    private static final int CANCEL_EVERY = 10;

    private final Random random = new Random(1);
    private final Party one;
    private final Party other;
    private final Party follower;
    private int placed;

    private Traders(List<String> addresses) {
        one = new Party(addresses);
        other = new Party(addresses);
        follower = new Party(addresses);
        follower.follow();
    }

    /** {@code HOST:PORT,… ORDERS_A_SECOND SECONDS [WARM_UP_SECONDS]}. */
    public static void main(String[] args) {
        List<String> addresses = List.of(args[0].split(","));
        int rate = Integer.parseInt(args[1]);
        int warmUp = args.length > 3 ? Integer.parseInt(args[3]) : 5;
        Traders traders = new Traders(addresses);
        traders.trade(rate, warmUp);
        traders.forget();
        traders.trade(rate, Integer.parseInt(args[2]));
        traders.settle();
        System.exit(traders.report() ? 0 : 1);
    }

    /** An order counts from when it was due, whether it could be sent then or not. */
    private void trade(int rate, int seconds) {
        IdleStrategy idle = new BackoffIdleStrategy();
        long begin = System.nanoTime();
        long orders = (long) rate * seconds;
        for (long i = 0; i < orders; ) {
            long due = begin + i * SECOND_NS / rate;
            boolean isPlaced = System.nanoTime() >= due && place(due);
            i += isPlaced ? 1 : 0;
            idle.idle(poll() + (isPlaced ? 1 : 0));
        }
    }

    private boolean place(long due) {
        Party party = placed % 2 == 0 ? one : other;
        if (placed % CANCEL_EVERY == CANCEL_EVERY - 1 && !party.cancelOldest()) {
            return false;
        }
        boolean isBuy = random.nextBoolean();
        long price = MID + random.nextInt(2 * WIDTH + 1) - WIDTH;
        boolean isPlaced = party.place(isBuy, price, 1 + random.nextInt(10), due);
        placed += isPlaced ? 1 : 0;
        return isPlaced;
    }

    private int poll() {
        return one.poll() + other.poll() + follower.poll();
    }

    private void forget() {
        for (Party party : List.of(one, other, follower)) {
            List.of(party.replies(), party.fills(), party.markets()).forEach(Histogram::reset);
        }
    }

    /** What is on its way comes: each trade has two sides. */
    private void settle() {
        IdleStrategy idle = new BackoffIdleStrategy();
        long end = System.nanoTime() + 30 * SECOND_NS;
        while ((unanswered() > 0 || tradedAtOnce() != tradedWhileResting())
                && System.nanoTime() < end) {
            idle.idle(poll());
        }
    }

    private int unanswered() {
        return one.unanswered() + other.unanswered();
    }

    private long tradedAtOnce() {
        return one.tradedAtOnce() + other.tradedAtOnce();
    }

    private long tradedWhileResting() {
        return one.tradedWhileResting() + other.tradedWhileResting();
    }

    private boolean report() {
        one.replies().add(other.replies());
        one.fills().add(other.fills());
        System.out.printf("%-28s %9s %9s %9s %9s %9s%n", "µs", "count", "p50", "p99", "p99.9", "max");
        print("order to reply", one.replies());
        print("order to fill of another", one.fills());
        print("order to market data", follower.markets());
        System.out.printf(
                "traded: %,d by orders when they came, %,d by orders that were resting: %s%n",
                tradedAtOnce(),
                tradedWhileResting(),
                tradedAtOnce() == tradedWhileResting() ? "equal" : "NOT EQUAL");
        List.of(one, other, follower).forEach(Party::close);
        return tradedAtOnce() == tradedWhileResting();
    }

    private static void print(String what, Histogram ns) {
        System.out.printf(
                "%-28s %9d %9.0f %9.0f %9.0f %9.0f%n",
                what,
                ns.getTotalCount(),
                ns.getValueAtPercentile(50) / 1000.0,
                ns.getValueAtPercentile(99) / 1000.0,
                ns.getValueAtPercentile(99.9) / 1000.0,
                ns.getMaxValue() / 1000.0);
    }
}
