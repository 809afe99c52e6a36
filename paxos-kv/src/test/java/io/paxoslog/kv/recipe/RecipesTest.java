package io.paxoslog.kv.recipe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.paxoslog.cli.Json;
import io.paxoslog.cli.ShellTask;
import io.paxoslog.client.ClientException;
import io.paxoslog.client.ReadMode;
import io.paxoslog.client.StoreClient;
import io.paxoslog.kv.KvCommands;
import io.paxoslog.kv.KvDelete;
import io.paxoslog.kv.KvLeaseList;
import io.paxoslog.kv.KvStateMachine;
import io.paxoslog.kv.KvWatch;
import io.paxoslog.service.Calls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks and elections, as etcd's concurrency package documents them, over a store in memory. */
class RecipesTest {
    private static final Duration TTL = Duration.ofSeconds(100_000);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofNanos(1);
    private static final String NAME = "locks/a";

    @TempDir Path directory;

    private final KvStateMachine machine = new KvStateMachine();
    private final Calls calls = new Calls(Calls.REPLY_BYTES);
    private final StoreClient client;
    private final List<KvSession> sessions = new ArrayList<>();

    RecipesTest() {
        machine.begin(calls);
        client = new StoreClient(machine, calls);
    }

    private KvSession session() {
        sessions.add(KvSession.open(client, TTL));
        return sessions.get(sessions.size() - 1);
    }

    @AfterEach
    void close() {
        sessions.forEach(KvSession::close);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void aLockIsHeldByOneSessionAtATime() {
        KvLock one = new KvLock(session(), NAME);
        KvLock other = new KvLock(session(), NAME);
        assertThat(one.lock(LONG)).isPresent();
        assertThat(other.lock(SHORT)).isEmpty();
        one.unlock();
        assertThat(other.lock(SHORT)).isPresent();
    }

    @Test
    void locksOfOtherNamesAreOthers() {
        assertThat(new KvLock(session(), "a").lock(SHORT)).isPresent();
        assertThat(new KvLock(session(), "ab").lock(SHORT)).isPresent();
        assertThat(new KvLock(session(), "a/b").lock(SHORT)).isPresent();
    }

    @Test
    void whoWaitsGetsTheLockWhenItIsLetGoOf() {
        KvLock one = new KvLock(session(), NAME);
        one.lock(LONG);
        client.whileWaiting(one::unlock);
        assertThat(new KvLock(session(), NAME).lock(LONG)).isPresent();
        assertThat(client.waits()).isEqualTo(1);
    }

    @Test
    void fencingTokensRise() {
        long last = 0;
        for (int i = 0; i < 4; i++) {
            KvLock lock = new KvLock(session(), NAME);
            long token = lock.lock(LONG).orElseThrow();
            assertThat(token).isGreaterThan(last);
            last = token;
            lock.unlock();
        }
    }

    @Test
    void theLockOfALeaseThatEndsGoesToTheNext() {
        KvSession holder = session();
        new KvLock(holder, NAME).lock(LONG);
        client.whileWaiting(() -> client.append(KvCommands.revoke(holder.lease()), LONG));
        assertThat(new KvLock(session(), NAME).lock(LONG)).isPresent();
    }

    @Test
    void theyStandInLineDirectlyBehindOneAnother() {
        KvSession second = session();
        assertThat(new KvLock(session(), NAME).lock(SHORT)).isPresent();
        assertThat(new KvLock(second, NAME).lock(SHORT)).isEmpty();
    }

    /** Only the one behind is woken when somebody in the middle goes. */
    @Test
    void theyStandInLineInTheOrderInWhichTheyCame() {
        KvLock first = new KvLock(session(), NAME);
        KvSession middle = session();
        first.lock(LONG);
        Contender second = new Contender(middle, NAME);
        second.join(bytes("x"));
        KvLock third = new KvLock(session(), NAME);
        client.whileWaiting(
                () -> {
                    middle.close();
                    client.whileWaiting(first::unlock);
                });
        OptionalLong token = third.lock(LONG);
        assertThat(token.orElseThrow()).isGreaterThan(second.revision());
        assertThat(client.waits()).isEqualTo(2);
    }

    @Test
    void whoseLeaseEndsWhileItStandsInLineIsTold() {
        KvLock first = new KvLock(session(), NAME);
        first.lock(LONG);
        KvSession waiting = session();
        client.whileWaiting(
                () -> {
                    client.append(KvCommands.revoke(waiting.lease()), LONG);
                    first.unlock();
                });
        assertThatThrownBy(() -> new KvLock(waiting, NAME).lock(LONG))
                .isInstanceOf(KvLostException.class);
    }

    @Test
    void aSessionThatWasClosedTakesNoLock() {
        KvSession closed = session();
        closed.close();
        assertThat(closed.isAlive()).isFalse();
        assertThatThrownBy(() -> new KvLock(closed, NAME).lock(LONG))
                .isInstanceOf(KvLostException.class);
    }

    /** What a command came to that got no answer is found out by saying it again. */
    @Test
    void whoDoesNotKnowWhetherItStandsInLineStandsThereOnce() {
        KvLock lock = new KvLock(session(), NAME);
        client.losesReplies();
        assertThatThrownBy(() -> lock.lock(LONG)).isInstanceOf(ClientException.class);
        assertThat(lock.lock(SHORT)).isPresent();
        lock.unlock();
        assertThat(new KvLock(session(), NAME).lock(SHORT)).isPresent();
    }

    @Test
    void whoDoesNotKnowWhetherItStandsInLineCanLeave() {
        KvLock lock = new KvLock(session(), NAME);
        client.losesReplies();
        assertThatThrownBy(() -> lock.lock(LONG)).isInstanceOf(ClientException.class);
        lock.unlock();
        assertThat(new KvLock(session(), NAME).lock(SHORT)).isPresent();
    }

    @Test
    void aLeaseIsKeptAliveAgainSoonWhenThatGotNoAnswer() {
        long usual = TTL.toNanos() / 3;
        assertThat(KvSession.pauseNs(TTL.toNanos(), 0)).isEqualTo(usual);
        long last = 0;
        for (int unanswered = 1; unanswered < 100; unanswered++) {
            long pause = KvSession.pauseNs(TTL.toNanos(), unanswered);
            assertThat(pause).isBetween(last, usual);
            last = pause;
        }
        assertThat(KvSession.pauseNs(TTL.toNanos(), 1)).isEqualTo(50_000_000);
        assertThat(KvSession.pauseNs(TTL.toNanos(), 2)).isEqualTo(100_000_000);
        assertThat(KvSession.pauseNs(Duration.ofSeconds(2).toNanos(), 99))
                .isEqualTo(Duration.ofSeconds(2).toNanos() / 3);
    }

    @Test
    void aLockThatSomebodyDeletedIsLost() {
        KvSession session = session();
        Contender contender = new Contender(session, NAME);
        contender.join(bytes("x"));
        client.append(KvDelete.of(KvElection.keys(NAME)).bytes(), LONG);
        assertThatThrownBy(() -> contender.awaitTurn(LONG)).isInstanceOf(KvLostException.class);
        assertThat(contender.put(bytes("y"))).isFalse();
    }

    @Test
    void oneLeadsAndOthersSeeItsValue() {
        KvElection one = new KvElection(session(), NAME);
        KvElection other = new KvElection(session(), NAME);
        assertThat(KvElection.leader(client, NAME)).isEmpty();
        long token = one.campaign(bytes("one"), LONG).orElseThrow();
        assertThat(other.campaign(bytes("other"), SHORT)).isEmpty();
        KvElection.Leader leader = KvElection.leader(client, NAME).orElseThrow();
        assertThat(leader.value()).isEqualTo(bytes("one"));
        assertThat(leader.token()).isEqualTo(token);
        one.proclaim(bytes("two"));
        assertThat(KvElection.leader(client, NAME).orElseThrow().value()).isEqualTo(bytes("two"));
        assertThat(KvElection.leader(client, NAME).orElseThrow().token()).isEqualTo(token);
        client.whileWaiting(one::resign);
        assertThat(other.campaign(bytes("other"), LONG).orElseThrow()).isGreaterThan(token);
        assertThatThrownBy(() -> one.proclaim(bytes("three"))).isInstanceOf(KvLostException.class);
    }

    @Test
    void aSessionSaysThatItsLeaseIsThereNoLongerThanTheStoreKeepsIt() {
        KvSession session = session();
        assertThat(session.isAlive()).isTrue();
        calls.pass(machine, TTL.toMillis());
        new KvLock(session, NAME).lock(LONG);
        calls.pass(machine, 10_000);
        calls.pass(machine, 10_000);
        assertThatThrownBy(() -> new KvLock(session, NAME).lock(LONG))
                .isInstanceOf(KvLostException.class);
    }

    @Test
    void aWatchThatHasNothingToSayInTimeIsEmpty() {
        assertThat(KvWatches.next(client, KvWatch.of(KvElection.keys(NAME)), SHORT)).isEmpty();
    }

    /** Its lease is revoked as soon as it has the lock. */
    private final class Revoker implements ShellTask.Host {
        final List<String> warnings = new ArrayList<>();

        @Override
        public boolean isStopping() {
            return false;
        }

        @Override
        public void say(String text, Json json) {
            throw new AssertionError(text);
        }

        @Override
        public void warn(String line) {
            warnings.add(line);
            KvLeaseList leases = new KvLeaseList();
            leases.take(client.read(ReadMode.LOG, 0, leases.next(), LONG).bytes());
            leases.leases().forEach(one -> client.append(KvCommands.revoke(one), LONG));
        }
    }

    @Test
    void theCommandOfALockThatIsLostIsAskedToEnd() {
        Path end = directory.resolve("end");
        String lines = "sleep 8 & wait; touch " + end;
        Revoker host = new Revoker();
        LockTask task = new LockTask(NAME, Duration.ofSeconds(2), List.of("sh", "-c", lines));
        assertThat(task.run(client, host)).isEqualTo(1);
        assertThat(host.warnings)
                .hasSize(2)
                .last()
                .isEqualTo("the lock is lost; the command is asked to end");
        assertThat(end).doesNotExist();
    }
}
