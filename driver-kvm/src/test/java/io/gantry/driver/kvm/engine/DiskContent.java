package io.gantry.driver.kvm.engine;

import io.gantry.lab.LabGuest;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a guest itself writes to a disk and reads from it: 1 MiB in the middle, which the guest's counter does not touch.
 *
 * @param sum its SHA-256
 */
record DiskContent(String sum) {
    /** That of a disk on which nothing was written there. */
    static final DiskContent BLANK = new DiskContent(sumOfZeros());

    private static final String DISK = "vda";
    private static final Pattern REPLY = Pattern.compile("sh rc=0 out=([0-9a-f]{64}) .*");

    /** Writes something random to the first disk. */
    static DiskContent write(LabGuest guest) {
        return write(guest, DISK);
    }

    /** Writes something random, and has it on the disk when it returns. */
    static DiskContent write(LabGuest guest, String disk) {
        String reply = guest.command(
                "sh dd if=/dev/urandom of=/dev/%s bs=64k seek=400 count=16 conv=fsync 2>/dev/null".formatted(disk));
        if (!reply.startsWith("sh rc=0")) {
            throw new AssertionError("Not written to " + disk + ": " + reply);
        }
        return read(guest, disk);
    }

    /** What the first disk has. */
    static DiskContent read(LabGuest guest) {
        return read(guest, DISK);
    }

    /** What a disk has, past the guest's cache. */
    static DiskContent read(LabGuest guest, String disk) {
        String reply = guest.command(
                "sh echo 3 >/proc/sys/vm/drop_caches; dd if=/dev/%s bs=64k skip=400 count=16 2>/dev/null | sha256sum"
                        .formatted(disk));
        Matcher sum = REPLY.matcher(reply);
        if (!sum.matches()) {
            throw new AssertionError("Not read from " + disk + ": " + reply);
        }
        return new DiskContent(sum.group(1));
    }

    private static String sumOfZeros() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(new byte[1 << 20]));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
