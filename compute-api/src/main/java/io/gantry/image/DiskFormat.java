package io.gantry.image;

/** The format of an image's content, declared at import and never guessed; the names are Glance's. */
public enum DiskFormat {
    /** A disk, byte for byte. */
    RAW,
    /** QEMU's copy-on-write format, without backing or data file. */
    QCOW2,
    /** A Linux kernel. */
    AKI,
    /** An initial RAM disk. */
    ARI;

    /** {@return whether an instance can have it as its root disk} */
    public boolean isDisk() {
        return this == RAW || this == QCOW2;
    }
}
