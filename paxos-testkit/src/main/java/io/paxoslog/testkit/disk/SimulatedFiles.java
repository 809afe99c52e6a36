package io.paxoslog.testkit.disk;

import io.paxoslog.log.Disk;
import io.paxoslog.log.RecordFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The disk of one simulated machine. What a process writes and names is there for all to read, and
 * is lost or left by {@link #losePower} unless it was forced. Counts every operation, and goes
 * wrong when it is told to. Not thread-safe.
 */
public final class SimulatedFiles implements Disk {
    private static final String RECORDS = "records.cq4";
    private static final long NEVER = Long.MAX_VALUE;

    /** What the next force of a file does instead of its work. */
    public enum ForceFault {
        /** It says that it failed; what was to be forced stays readable and is never forced. */
        FAILS,
        /** It says that it failed, and memory forgets what was to be forced. */
        FAILS_AND_FORGETS,
        /** It says that it is done, and the disk never gets the bytes. */
        LOSES_WRITES
    }

    private final int segmentBytes;
    private final Set<String> locked = new HashSet<>();
    private SimulatedDirectory root = new SimulatedDirectory();
    private long writes;
    private long operations;
    private long lastOperation = NEVER;
    private boolean diesAfter;
    private long covered = NEVER;
    private ForceFault nextForce;
    private boolean isFull;
    private long shortBytes = NEVER;
    private long rolls;

    /**
     * @param segmentBytes room for records in one file, however much is asked for
     */
    public SimulatedFiles(int segmentBytes) {
        this.segmentBytes = segmentBytes;
    }

    /** Number of the last write: of bytes, or of a name. */
    public long writes() {
        return writes;
    }

    long nextWrite() {
        return ++writes;
    }

    /** Operations so far: everything that changes, or forces, bytes or names. */
    public long operations() {
        return operations;
    }

    /** Power goes right before an operation, counted as {@link #operations} does. */
    public void dieBefore(long operation) {
        lastOperation = operation;
        diesAfter = false;
    }

    /** Power goes right after an operation. */
    public void dieAfter(long operation) {
        lastOperation = operation;
        diesAfter = true;
    }

    void operation(String what) {
        operations++;
        if (operations > lastOperation || (operations == lastOperation && !diesAfter)) {
            throw new PowerLost("power is lost before operation " + operations + ", " + what);
        }
    }

    void operationEnded() {
        if (operations >= lastOperation) {
            throw new PowerLost("power is lost after operation " + operations);
        }
    }

    /**
     * A force covers what was written up to this write, and not what comes while it is under way.
     */
    public void cover(long lastWrite) {
        covered = lastWrite;
    }

    /** A force covers everything again. */
    public void coverEverything() {
        covered = NEVER;
    }

    /** What goes wrong at the next force of a file. */
    public void breakNextForce(ForceFault fault) {
        nextForce = fault;
    }

    /** Whether a force has yet to go wrong. */
    public boolean isForceBroken() {
        return nextForce != null;
    }

    /** From now on there is no room for another file. */
    public void beFull() {
        isFull = true;
    }

    /** From now on no more than so many bytes are free, whatever is written or removed. */
    public void beShort(long freeBytes) {
        shortBytes = freeBytes;
    }

    /** From now on there is room for everything. */
    public void haveRoom() {
        isFull = false;
        shortBytes = NEVER;
    }

    /** Forces work and there is room again. */
    public void beHealthy() {
        nextForce = null;
        haveRoom();
    }

    /** Files made for records. */
    public long recordFiles() {
        return rolls;
    }

    void force(SimulatedFile file) throws IOException {
        force(file, covered);
    }

    private void force(SimulatedFile file, long upTo) throws IOException {
        operation("force");
        ForceFault fault = nextForce;
        nextForce = null;
        if (fault == null) {
            file.makeDurable(upTo);
        } else {
            misforce(file, upTo, fault);
        }
        operationEnded();
    }

    private void misforce(SimulatedFile file, long upTo, ForceFault fault) throws IOException {
        file.forgetUnforced(upTo, fault == ForceFault.LOSES_WRITES);
        if (fault == ForceFault.FAILS_AND_FORGETS) {
            file.dropCache();
        }
        if (fault != ForceFault.LOSES_WRITES) {
            throw new IOException("the disk failed");
        }
    }

    /** The machine comes back from a loss of power: this is what is left. */
    public void losePower(PowerLoss loss) {
        root.losePower(loss);
        processEnded();
        nextForce = null;
    }

    /** The process is gone, and with it its locks; all that it wrote is there to read. */
    public void processEnded() {
        locked.clear();
        lastOperation = NEVER;
        covered = NEVER;
    }

    /** Another disk with all that is read here, durable. */
    public SimulatedFiles copy() {
        SimulatedFiles copy = new SimulatedFiles(segmentBytes);
        copy.root = root.copy(copy);
        copy.writes = writes;
        return copy;
    }

    /** All files of records, oldest name first. */
    public List<SimulatedFile> files() {
        List<SimulatedFile> found = new ArrayList<>();
        addFiles(root, found);
        return found;
    }

    /** All files in and below a directory, by their names. */
    public List<SimulatedFile> under(Path directory) {
        List<SimulatedFile> found = new ArrayList<>();
        for (Path child : list(directory)) {
            if (find(child) instanceof SimulatedFile file) {
                found.add(file);
            }
            found.addAll(under(child));
        }
        return found;
    }

    private static void addFiles(SimulatedDirectory directory, List<SimulatedFile> found) {
        for (Map.Entry<String, SimulatedEntry> child : directory.names().entrySet()) {
            if (child.getValue() instanceof SimulatedDirectory inner) {
                addFiles(inner, found);
            } else if (child.getValue() instanceof SimulatedFile file
                    && child.getKey().equals(RECORDS)) {
                found.add(file);
            }
        }
    }

    private SimulatedEntry find(Path path) {
        SimulatedEntry entry = root;
        for (int i = 0; i < path.getNameCount(); i++) {
            if (!(entry instanceof SimulatedDirectory directory)) {
                return null;
            }
            entry = directory.get(path.getName(i).toString());
        }
        return entry;
    }

    private SimulatedDirectory directory(Path path) throws IOException {
        if (path != null && find(path) instanceof SimulatedDirectory directory) {
            return directory;
        }
        throw new NoSuchFileException(String.valueOf(path));
    }

    private SimulatedFile file(Path path) throws IOException {
        if (find(path) instanceof SimulatedFile file) {
            return file;
        }
        throw new NoSuchFileException(path.toString());
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private void add(Path path, SimulatedEntry entry) throws IOException {
        SimulatedDirectory parent = directory(path.getParent());
        if (parent.get(name(path)) != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        parent.add(name(path), entry, nextWrite());
    }

    private void requireRoom() throws IOException {
        if (isFull) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public boolean exists(Path path) {
        return find(path) != null;
    }

    @Override
    public boolean isDirectory(Path path) {
        return find(path) instanceof SimulatedDirectory;
    }

    @Override
    public List<Path> list(Path directory) {
        List<Path> children = new ArrayList<>();
        if (find(directory) instanceof SimulatedDirectory found) {
            found.names().keySet().forEach(name -> children.add(directory.resolve(name)));
        }
        return children;
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        operation("create directory");
        requireRoom();
        add(directory, new SimulatedDirectory());
        operationEnded();
    }

    @Override
    public void createFile(Path file) throws IOException {
        operation("create file");
        requireRoom();
        add(file, new SimulatedFile(this, new byte[0], 0));
        operationEnded();
    }

    @Override
    public void write(Path path, byte[] bytes) throws IOException {
        operation("write");
        requireRoom();
        SimulatedFile file = new SimulatedFile(this, bytes.clone(), 0);
        directory(path.getParent()).add(name(path), file, nextWrite());
        file.noteWritten(nextWrite());
        operationEnded();
        // It was written by whoever forces it, and whole.
        force(file, NEVER);
    }

    @Override
    public byte[] read(Path file) throws IOException {
        return file(file).content();
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        operation("rename");
        directory(from.getParent()).rename(name(from), name(to), nextWrite());
        operationEnded();
    }

    @Override
    public boolean delete(Path path) throws IOException {
        SimulatedEntry entry = find(path);
        if (entry == null) {
            return false;
        }
        operation("delete");
        if (entry instanceof SimulatedDirectory directory && !directory.names().isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        directory(path.getParent()).remove(name(path), nextWrite());
        operationEnded();
        return true;
    }

    @Override
    public Mark openMark(Path path) throws IOException {
        if (!exists(path)) {
            operation("create mark");
            requireRoom();
            SimulatedFile created = new SimulatedFile(this, new byte[1], 0);
            add(path, created);
            created.noteWritten(nextWrite());
            operationEnded();
            force(created);
        }
        return new SimulatedMark(file(path));
    }

    private final class SimulatedMark implements Mark {
        private final SimulatedFile file;

        SimulatedMark(SimulatedFile file) {
            this.file = file;
        }

        @Override
        public void put(boolean isSet) {
            operation("mark");
            file.put((byte) (isSet ? 1 : 0), nextWrite());
            operationEnded();
        }

        @Override
        public void force() throws IOException {
            // It is no part of what a force of records covers.
            long before = covered;
            covered = NEVER;
            try {
                SimulatedFiles.this.force(file);
            } finally {
                covered = before;
            }
        }

        @Override
        public void close() {}
    }

    @Override
    public void forceNames(Path directory) throws IOException {
        operation("force names");
        directory(directory).force();
        operationEnded();
    }

    @Override
    public long usableBytes(Path directory) {
        return isFull ? 0 : shortBytes;
    }

    @Override
    public Closeable lock(Path file) throws IOException {
        if (!exists(file)) {
            createFile(file);
        }
        String name = file.toString();
        return locked.add(name) ? () -> locked.remove(name) : null;
    }

    @Override
    public RecordFile createRecords(Path directory, String title, int recordBytes)
            throws IOException {
        operation("create records");
        requireRoom();
        rolls++;
        SimulatedFile file =
                SimulatedFile.forRecords(this, title, Math.min(segmentBytes, recordBytes));
        add(directory.resolve(RECORDS), file);
        file.noteWritten(nextWrite());
        operationEnded();
        return file;
    }

    @Override
    public UnsafeBuffer map(Path file) throws IOException {
        return file(file).bytes();
    }

    @Override
    public void load(Path path, long from, long to) throws IOException {
        file(path);
    }

    @Override
    public void unmap(UnsafeBuffer bytes) {
        // The file keeps its bytes.
    }
}
