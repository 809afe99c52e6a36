package io.paxoslog.kv;

/** Something that is done to the store: by itself, or as part of a transaction. */
public abstract sealed class KvOperation permits KvPut, KvDelete, KvRange, KvTxn {
    KvOperation() {}

    /** Its number in the format. */
    abstract int kind();

    /** Writes its body. */
    abstract void write(KvOutput out);

    /**
     * What is to be appended, or asked: ranges, and transactions of nothing but ranges, may be
     * either; the others change something, and are appended.
     */
    public final byte[] bytes() {
        KvOutput out = KvFormat.begin(new KvOutput(), kind());
        write(out);
        return out.copy();
    }
}
