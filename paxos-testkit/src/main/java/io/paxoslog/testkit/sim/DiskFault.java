package io.paxoslog.testkit.sim;

import io.paxoslog.testkit.disk.SimulatedFiles.ForceFault;

/** What can be done to the disk of a node, as scenarios name it. */
public enum DiskFault {
    /** One bit of one record that was forced turns over. */
    ROT {
        @Override
        boolean happenTo(SimulatedDisk disk, SimRandom random) {
            return disk.damage().rot(disk.files(), random);
        }
    },
    /** One record that was forced lies where another one should. */
    MISDIRECTED {
        @Override
        boolean happenTo(SimulatedDisk disk, SimRandom random) {
            return disk.damage().misdirect(disk.files(), random);
        }
    },
    /** One bit of a file of a snapshot turns over. */
    SNAPSHOT_ROT {
        @Override
        boolean happenTo(SimulatedDisk disk, SimRandom random) {
            return disk.snapshots().rot(random);
        }
    },
    /** The next force says that it is done, and nothing comes to the disk. */
    FORCE_LOSES_WRITES {
        @Override
        boolean happenTo(SimulatedDisk disk, SimRandom random) {
            disk.files().breakNextForce(ForceFault.LOSES_WRITES);
            return true;
        }
    },
    /** The next force fails. */
    FORCE_FAILS {
        @Override
        boolean happenTo(SimulatedDisk disk, SimRandom random) {
            disk.files().breakNextForce(ForceFault.FAILS);
            return true;
        }
    },
    /** The next force fails, and what it was for cannot be read any more. */
    FORCE_FAILS_AND_FORGETS {
        @Override
        boolean happenTo(SimulatedDisk disk, SimRandom random) {
            disk.files().breakNextForce(ForceFault.FAILS_AND_FORGETS);
            return true;
        }
    },
    /** There is room for files of the journal, and too little for new commands. */
    SHORT {
        @Override
        boolean happenTo(SimulatedDisk disk, SimRandom random) {
            disk.beShort();
            return true;
        }
    },
    /** There is no room for another file. */
    FULL {
        @Override
        boolean happenTo(SimulatedDisk disk, SimRandom random) {
            disk.files().beFull();
            return true;
        }
    },
    /** There is room again. */
    ROOM_AGAIN {
        @Override
        boolean happenTo(SimulatedDisk disk, SimRandom random) {
            disk.files().haveRoom();
            return true;
        }
    },
    /** Forces work and there is room; what is broken stays so. */
    HEALTHY_AGAIN {
        @Override
        boolean happenTo(SimulatedDisk disk, SimRandom random) {
            disk.files().beHealthy();
            return true;
        }
    },
    /** The machine was started again since the node's last run. */
    BOOT {
        @Override
        boolean happenTo(SimulatedDisk disk, SimRandom random) {
            disk.bootAgain();
            return true;
        }
    };

    abstract boolean happenTo(SimulatedDisk disk, SimRandom random);
}
