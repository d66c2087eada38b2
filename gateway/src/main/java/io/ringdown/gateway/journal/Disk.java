package io.ringdown.gateway.journal;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A directory's files: all that the journal needs of them. Every method may block, and fail where the disk is full or broken. */
public interface Disk {
    /** The names of its files, sorted. */
    List<String> names() throws IOException;

    /** The file's bytes; none where there is no such file. */
    InputStream read(String name) throws IOException;

    /** Opens a file to write at its end; makes it, readable by its owner only, where there is none. */
    Tail append(String name) throws IOException;

    /** Puts this in the place of a file, whole or not at all, and is on the disk when it returns. */
    void replace(String name, byte[] content) throws IOException;

    /** The end of a file. */
    interface Tail extends Closeable {
        /** In bytes. */
        long length() throws IOException;

        /** All of it, or IOException and perhaps a part. */
        void write(byte[] bytes) throws IOException;

        /** Forgets what is behind this length. */
        void truncate(long length) throws IOException;

        /** What was written is on the disk when it returns. */
        void force() throws IOException;
    }
}
