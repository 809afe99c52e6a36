package orderbook;

import io.paxoslog.server.NodeConfig;
import io.paxoslog.server.PaxosLog;
import io.paxoslog.server.PaxosNode;
import java.nio.file.Path;

/** One node of the exchange. */
final class Node {
    private Node() {}

    /** {@code ID 1=HOST:PORT,2=HOST:PORT,… DIRECTORY}; SIGTERM stops it. */
    public static void main(String[] args) throws InterruptedException {
        PaxosNode node = start(Integer.parseInt(args[0]), args[1], Path.of(args[2]));
        Runtime.getRuntime().addShutdownHook(new Thread(node::close));
        System.err.println("node " + node.id() + " stopped: " + node.awaitStop());
    }

    static PaxosNode start(int id, String members, Path directory) {
        NodeConfig config = NodeConfig.builder().id(id).members(members).dir(directory).build();
        return PaxosLog.launch(config, Exchange::new);
    }
}
