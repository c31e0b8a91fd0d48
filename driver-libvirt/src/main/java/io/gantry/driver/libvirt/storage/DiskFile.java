package io.gantry.driver.libvirt.storage;

import io.gantry.instance.InstanceId;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the name of a disk's volume says. libvirt cannot rename a volume: so a name holds the operation that made it, and
 * a disk that is made over time has a second, empty volume beside it until it is whole. A copy that has become a root
 * disk has another empty volume, which tells that to hosts that have not the guest.
 *
 * @param instance whose disk it is
 * @param copy the name of the copy that it was made as; empty for a root disk
 * @param epoch the epoch of the operation that made it; 0 for the disk that a guest is created with
 * @param operation that operation; empty for the disk that a guest is created with
 */
public record DiskFile(InstanceId instance, Optional<String> copy, long epoch, Optional<OperationId> operation) {
    private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String MAKER = "e(\\d{1,18})-(" + UUID + ")";
    private static final Pattern DISK =
            Pattern.compile("(" + UUID + ")(?:\\.copy-([a-z0-9-]{1,63}))?(?:\\." + MAKER + ")?\\.qcow2");
    private static final Pattern OWNED = Pattern.compile("(" + UUID + ")\\..*");
    private static final Pattern ROOT_MARK = Pattern.compile("(.*\\.qcow2)\\.root-" + MAKER);
    private static final String PART = ".part";
    private static final long HIGHEST_EPOCH = 999_999_999_999_999_999L; // the pattern's 18 digits

    /** A mark that says that a copy is a root disk since some operation. */
    record RootMark(String volume, long epoch, OperationId operation) {
        static Optional<RootMark> parse(String name) {
            Matcher matcher = ROOT_MARK.matcher(name);
            return matcher.matches()
                    ? Optional.of(new RootMark(
                            matcher.group(1), Long.parseLong(matcher.group(2)), OperationId.of(matcher.group(3))))
                    : Optional.empty();
        }
    }

    /**
     * {@return the disk that a guest is created with}
     *
     * @param guest the guest
     */
    public static DiskFile first(InstanceId guest) {
        return new DiskFile(guest, Optional.empty(), 0, Optional.empty());
    }

    /**
     * {@return a root disk that an operation makes}
     *
     * @param guest the guest
     * @param context the operation
     */
    public static DiskFile root(InstanceId guest, CallContext context) {
        return new DiskFile(guest, Optional.empty(), inName(context), Optional.of(context.operation()));
    }

    /**
     * {@return a copy that an operation makes}
     *
     * @param guest the guest
     * @param name the copy's name
     * @param context the operation
     */
    public static DiskFile copy(InstanceId guest, String name, CallContext context) {
        return new DiskFile(guest, Optional.of(name), inName(context), Optional.of(context.operation()));
    }

    private static long inName(CallContext context) {
        return Math.max(0, Math.min(context.epoch(), HIGHEST_EPOCH));
    }

    /** {@return whose a volume is, disk or not; empty if it is no guest's} */
    static Optional<InstanceId> owner(String volume) {
        Matcher matcher = OWNED.matcher(volume);
        return matcher.matches() ? Optional.of(InstanceId.of(matcher.group(1))) : Optional.empty();
    }

    /** {@return the disk of a volume; empty if the volume is none} */
    static Optional<DiskFile> parse(String volume) {
        Matcher matcher = DISK.matcher(volume);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new DiskFile(
                InstanceId.of(matcher.group(1)),
                Optional.ofNullable(matcher.group(2)),
                matcher.group(3) == null ? 0 : Long.parseLong(matcher.group(3)),
                Optional.ofNullable(matcher.group(4)).map(OperationId::of)));
    }

    /** {@return the disk's volume} */
    public String volume() {
        StringBuilder name = new StringBuilder(instance.toString());
        copy.ifPresent(word -> name.append(".copy-").append(word));
        operation.ifPresent(maker -> name.append(maker(epoch, maker)));
        return name.append(".qcow2").toString();
    }

    private static String maker(long epoch, OperationId operation) {
        return String.format(Locale.ROOT, ".e%d-%s", epoch, operation);
    }

    /** {@return the volume whose presence says that the disk is not whole} */
    String partMark() {
        return volume() + PART;
    }

    /** {@return the volume whose presence says that the copy is a root disk since an operation} */
    String rootMark(CallContext context) {
        return volume() + ".root-" + maker(inName(context), context.operation()).substring(1);
    }
}
