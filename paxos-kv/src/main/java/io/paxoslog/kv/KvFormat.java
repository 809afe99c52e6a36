package io.paxoslog.kv;

/**
 * The bytes that a {@link KvStateMachine} takes and gives. Numbers are little-endian, {@code bytes}
 * is a length of 32 bits and so many bytes; an {@code end} is empty for the key alone, one zero
 * byte for all from the key on, else the first key that is not meant.
 *
 * <pre>
 * command, query   version:u8 (1)  kind:u8  body
 *   1 put          flags:u8 (1 previous, 2 keep value, 4 keep lease)  lease:i64  key:bytes  value:bytes
 *   2 delete       flags:u8 (1 previous)  key:bytes  end:bytes
 *   3 transaction  compares:u16  then:u16  else:u16  compare...  operation...  operation...
 *   4 range        flags:u8 (1 keys only, 2 count only)  order:u8  target:u8  limit:i64  revision:i64
 *                  least and most mod revision, least and most create revision: i64 each
 *                  skipped:i64  key:bytes  end:bytes
 *   5 compact      revision:i64
 *   6 hash         revision:i64  key:bytes
 *   7 status
 *   8 bounds       quota:i64 (-1 as it is)  retained:i64 (-1 as it is)
 *   9 disarm
 *  10 watch        flags:u8 (1 previous, 2 no puts, 4 no deletes)  revision:i64  sub:i32  bytes:i32
 *                  key:bytes  end:bytes
 *  11 grant        lease:i64 (0: to be chosen)  ttl:i64 (seconds)
 *  12 revoke       lease:i64
 *  13 keep-alive   lease:i64
 *  14 lease        flags:u8 (1 keys)  lease:i64  from:bytes
 *  15 leases       above:i64
 *  16 retain time  seconds:i64 (0: no bound)
 * compare          target:u8  relation:u8  key:bytes  end:bytes  number:i64 or value:bytes
 * operation        length:i32  kind:u8 (1 to 4)  body
 *
 * reply            version:u8 (1)  result:u8 ({@link KvResult})  revision:i64  body, if all is well
 *   put            previous:u8 (0 none, 1 it follows, 2 it did not fit)  [keyvalue]
 *   delete         deleted:i64  count:i32  keyvalue...
 *   transaction    succeeded:u8  operations:u16  (kind:u8  body)...
 *   range          count:i64  flags:u8 (1 more than the limit, 2 not all fit)  count:i32  keyvalue...  next:bytes
 *   hash           hash:i64  compacted:i64  next:bytes
 *   status         compacted:i64  bytes:i64  quota:i64  retained:i64  alarm:u8  keys:i64
 *   watch          flags:u8 (1 part of a revision, 2 ask on at once, 4 compacted, 8 not let wait)
 *                  revision:i64  sub:i32 (where to go on)  count:i32  event...
 *   grant, keep-alive  lease:i64  ttl:i64
 *   lease          granted:i64  left:i64 (-1: no such lease)  keys:i64  count:i32  key:bytes...  next:bytes
 *   leases         count:i32  lease:i64...  more:u8
 * event            kind:u8 (1 delete, 2 previous follows, 4 previous did not fit)  keyvalue  [keyvalue]
 * keyvalue         created:i64  modified:i64  version:i64  lease:i64  key:bytes  value:bytes
 * </pre>
 *
 * A range, a hash and a status change nothing: they are queries, or commands. A watch, a lease and
 * leases are queries only. Kinds 11 to 16 are commands from application version {@value
 * #FIRST_WITH_LEASES} on, and malformed before. A range whose answer fits no reply, or that looked
 * at {@value #MOST_LOOKED_AT} keys, names the key to go on with, at the same revision; so does a
 * hash. Within a transaction what does not fit is left out, and can be read at the revision of the
 * transaction.
 */
final class KvFormat {
    static final int VERSION = 1;

    static final int PUT = 1;
    static final int DELETE = 2;
    static final int TXN = 3;
    static final int RANGE = 4;
    static final int COMPACT = 5;
    static final int HASH = 6;
    static final int STATUS = 7;
    static final int BOUNDS = 8;
    static final int DISARM = 9;

    static final int WATCH = 10;
    static final int GRANT = 11;
    static final int REVOKE = 12;
    static final int KEEP_ALIVE = 13;
    static final int LEASE = 14;
    static final int LEASES = 15;
    static final int RETAIN_TIME = 16;

    /** The application version from which on there are leases, and bounds for what takes long. */
    static final int FIRST_WITH_LEASES = 2;

    /** Most bytes of a key. */
    static final int MOST_KEY_BYTES = 1024;

    /** Most comparisons of a transaction, and operations of either of its branches; as etcd's. */
    static final int MOST_OPS = 128;

    /** Most operations of a transaction, with those within. */
    static final int MOST_OPS_IN_ALL = 1024;

    /** How deep transactions may stand within transactions. */
    static final int DEEPEST = 16;

    /** Most keys that one query looks at, so that commands need not wait long. */
    static final int MOST_LOOKED_AT = 32 * 1024;

    /** What a reply has in front of its body. */
    static final int REPLY_HEADER_BYTES = 10;

    /** What a key and value have beside their bytes. */
    static final int KEY_VALUE_BYTES = 4 * Long.BYTES + 2 * Integer.BYTES;

    /** What a range answers beside keys, values and where to go on. */
    static final int RANGE_BYTES = Long.BYTES + Byte.BYTES + 2 * Integer.BYTES;

    /** What a delete answers beside keys and values. */
    static final int DELETE_BYTES = Long.BYTES + Integer.BYTES;

    /** What a watch answers beside its events. */
    static final int WATCH_BYTES = Byte.BYTES + Long.BYTES + 2 * Integer.BYTES;

    static final int PART_OF_REVISION = 1;
    static final int AT_ONCE = 2;
    static final int COMPACTED = 4;
    static final int NOT_LET_WAIT = 8;

    static final int DELETED = 1;
    static final int PREVIOUS_FOLLOWS = 2;
    static final int PREVIOUS_LEFT_OUT = 4;

    static final int MORE = 1;
    static final int CUT = 2;

    private KvFormat() {}

    static KvOutput begin(KvOutput out, int kind) {
        out.clear();
        return out.u8(VERSION).u8(kind);
    }
}
