package io.gantry.spi.driver;

import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.InvalidState;
import io.gantry.error.NotFound;
import io.gantry.instance.InstanceId;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * The disks of one host's guests, beyond what creating and deleting guests does with them. Methods block, are
 * idempotent and throw as those of {@link HostConnection} do.
 */
public interface GuestDisks {
    /**
     * {@return the storage that holds the disks} Two hosts with equal ids see the same files: what one of them removes,
     * the other has lost.
     */
    String storageId();

    /** {@return all root disks and copies on this storage that Gantry made, also those that no guest here uses} */
    List<GuestDisk> list();

    /**
     * Makes a copy of a guest's root disk as it is at one moment; the guest goes on meanwhile. The copy stands alone: it
     * has no backing file. Does nothing if the copy is there and whole.
     *
     * @param context on whose behalf; its timeout bounds the copying
     * @param id a guest of this host, on or off
     * @param name the copy's name: 1 to 63 lower-case letters, digits and {@code -}
     * @return the copy
     * @throws NotFound if there is no such guest
     * @throws InvalidRequest if the name is none
     */
    DiskCopy copy(CallContext context, InstanceId id, String name);

    /**
     * Opens a copy's content; the caller closes it.
     *
     * @param id the guest
     * @param name the copy's name
     * @return the content, in the format of the {@link DiskCopy}
     * @throws NotFound if there is no such copy
     * @throws IOException if it cannot be read
     */
    InputStream open(InstanceId id, String name) throws IOException;

    /**
     * Makes a copy the guest's root disk and removes the disk that was; the copy's name is free afterwards. Does nothing
     * if this operation has done that already.
     *
     * @param context on whose behalf
     * @param id a guest of this host that is off
     * @param name the copy's name
     * @throws NotFound if there is no such guest or copy
     * @throws InvalidState if the guest is on; a driver may refuse one that is suspended, or discard its saved memory
     */
    void restore(CallContext context, InstanceId id, String name);

    /**
     * Replaces a guest's root disk by a fresh one from the image of the specification, and gives the guest what else the
     * specification says, a config drive included, or none; removes the disk that was. Until the new disk is whole the old one stays. Its images have been
     * given to {@link HostConnection#cacheImage} before. Does nothing if this operation has done that already.
     *
     * @param context on whose behalf
     * @param spec a guest of this host that is off
     * @throws NotFound if there is no such guest
     * @throws InvalidState if the guest is on; a driver may refuse one that is suspended, or discard its saved memory
     */
    void rebuild(CallContext context, GuestSpec spec);

    /**
     * Makes a guest, powered off, as {@link HostConnection#createGuest} does, with a root disk of the given content, grown
     * to the size in the specification. Does nothing if the guest is there. Nothing is left if the content breaks off. A
     * root disk that is on the storage already is replaced.
     *
     * @param context on whose behalf; its timeout bounds the copying
     * @param spec the guest
     * @param content the content of its root disk
     * @throws IOException if the content cannot be read, or has not as many bytes as it says
     */
    void createGuest(CallContext context, GuestSpec spec, DiskSource content) throws IOException;

    /**
     * Removes a copy, or a root disk that is left over. Does nothing if it is not there.
     *
     * @param context on whose behalf
     * @param disk what to remove
     * @throws Conflict if a guest of this host uses it as its root disk
     */
    void delete(CallContext context, GuestDisk disk);
}
