package io.gantry.driver.libvirt.jna;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import io.gantry.driver.libvirt.port.DomainCalls;
import io.gantry.driver.libvirt.port.DomainStatus;
import io.gantry.driver.libvirt.port.JobStatistics;
import io.gantry.driver.libvirt.port.LibvirtError;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.libvirt.jna.DomainPointer;
import org.libvirt.jna.Libvirt;

final class JnaDomainCalls implements DomainCalls {
    private static final int STATS_STATE = 1;
    private static final int STATS_BALLOON = 1 << 2;
    private static final int STATS_VCPU = 1 << 3;
    private static final int STATS_BLOCK = 1 << 5;
    private static final int STATS_FIGURES = STATS_STATE | STATS_BALLOON | STATS_VCPU | STATS_BLOCK;
    private static final int STATS_NOWAIT = 1 << 29;
    private static final int METADATA_ELEMENT = 2;
    private static final int AFFECT_LIVE = 1;
    private static final int AFFECT_CONFIG = 2;
    private static final int LIST_SAVED = 1 << 8;
    private static final int START_PAUSED = 1;
    private static final int START_AUTODESTROY = 1 << 1;
    private static final int BACKUP_REUSE_EXTERNAL = 1;
    private static final int SHUTDOWN_ACPI = 1;

    private final NativeConnection connection;
    private final NativeLibvirt lib;

    JnaDomainCalls(NativeConnection connection) {
        this.connection = connection;
        this.lib = connection.lib();
    }

    /** Looks a domain up, uses it and frees it. */
    static <T> T with(NativeConnection connection, UUID id, Function<DomainPointer, T> use) {
        NativeLibvirt lib = connection.lib();
        byte[] bytes = ByteBuffer.allocate(Libvirt.VIR_UUID_BUFLEN)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        return connection.using(lib.virDomainLookupByUUID(connection.pointer(), bytes), lib::virDomainFree, domain -> {
            connection.pointer(); // refuses if the connection was given up during the look-up
            return use.apply(domain);
        });
    }

    private void run(UUID id, ToIntFunction<DomainPointer> call) {
        with(connection, id, domain -> connection.check(call.applyAsInt(domain)));
    }

    @Override
    public List<DomainStatus> list() {
        PointerByReference array = new PointerByReference();
        int count = lib.virConnectGetAllDomainStats(connection.pointer(), STATS_STATE, array, 0);
        if (count < 0) {
            LibvirtError error = LastError.copy(lib);
            if (error.isUnsupported()) {
                return each(0, this::status);
            }
            throw error;
        }
        Pointer records = array.getValue();
        try {
            List<DomainStatus> domains = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                // struct { virDomainPtr dom; virTypedParameterPtr params; int nparams; }
                Pointer state = records.getPointer((long) i * Native.POINTER_SIZE);
                DomainPointer domain = new DomainPointer(state.getPointer(0));
                JobStatistics values = TypedParameters.read(
                        state.getPointer(Native.POINTER_SIZE), state.getInt(2L * Native.POINTER_SIZE));
                domains.add(status(
                        domain,
                        (int) values.number("state.state").orElse(DomainStatus.NOSTATE),
                        (int) values.number("state.reason").orElse(0),
                        false));
            }
            return withSaved(domains);
        } finally {
            if (records != null) {
                lib.virDomainStatsRecordListFree(records);
            }
        }
    }

    private List<DomainStatus> withSaved(List<DomainStatus> domains) {
        if (domains.stream().noneMatch(domain -> domain.state() == DomainStatus.SHUTOFF)) {
            return domains;
        }
        Set<UUID> saved = Set.copyOf(each(LIST_SAVED, this::uuid));
        return domains.stream()
                .map(domain -> domain.state() == DomainStatus.SHUTOFF && saved.contains(domain.id())
                        ? new DomainStatus(domain.id(), domain.name(), domain.state(), domain.reason(), true)
                        : domain)
                .toList();
    }

    /** Uses each domain of a kind and frees it; one that goes away meanwhile is left out. */
    private <T> List<T> each(int flags, Function<DomainPointer, T> use) {
        PointerByReference array = new PointerByReference();
        int count = connection.check(lib.virConnectListAllDomains(connection.pointer(), array, flags));
        Pointer list = array.getValue();
        List<T> results = new ArrayList<>(count);
        int used = 0;
        try {
            while (used < count) {
                DomainPointer domain = new DomainPointer(list.getPointer((long) used++ * Native.POINTER_SIZE));
                try {
                    results.add(use.apply(domain));
                } catch (LibvirtError e) {
                    if (e.code() != LibvirtError.NO_DOMAIN) {
                        throw e;
                    } // else it went away between the two calls: not there
                } finally {
                    lib.virDomainFree(domain);
                }
            }
            return results;
        } finally {
            while (used < count) {
                lib.virDomainFree(new DomainPointer(list.getPointer((long) used++ * Native.POINTER_SIZE)));
            }
            if (list != null) {
                Native.free(Pointer.nativeValue(list));
            }
        }
    }

    @Override
    public Optional<DomainStatus> find(UUID id) {
        try {
            return Optional.of(with(connection, id, this::status));
        } catch (LibvirtError e) {
            if (e.code() == LibvirtError.NO_DOMAIN) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private DomainStatus status(DomainPointer domain) {
        IntByReference state = new IntByReference();
        IntByReference reason = new IntByReference();
        connection.check(lib.virDomainGetState(domain, state, reason, 0));
        boolean off = state.getValue() == DomainStatus.SHUTOFF;
        return status(domain, state.getValue(), reason.getValue(), off && isSaved(domain));
    }

    private boolean isSaved(DomainPointer domain) {
        int saved = lib.virDomainHasManagedSaveImage(domain, 0);
        if (saved < 0) {
            LibvirtError error = LastError.copy(lib);
            if (!error.isUnsupported()) {
                throw error;
            }
        }
        return saved > 0;
    }

    private DomainStatus status(DomainPointer domain, int state, int reason, boolean saved) {
        return new DomainStatus(uuid(domain), connection.check(lib.virDomainGetName(domain)), state, reason, saved);
    }

    private UUID uuid(DomainPointer domain) {
        byte[] bytes = new byte[Libvirt.VIR_UUID_BUFLEN];
        connection.check(lib.virDomainGetUUID(domain, bytes));
        ByteBuffer uuid = ByteBuffer.wrap(bytes);
        return new UUID(uuid.getLong(), uuid.getLong());
    }

    @Override
    public String xml(UUID id, int flags) {
        return with(connection, id, domain -> connection.text(lib.virDomainGetXMLDesc(domain, flags)));
    }

    @Override
    public Optional<String> metadata(UUID id, String namespace) {
        try {
            return Optional.of(with(
                    connection,
                    id,
                    domain -> connection.text(lib.virDomainGetMetadata(domain, METADATA_ELEMENT, namespace, 0))));
        } catch (LibvirtError e) {
            if (e.code() == LibvirtError.NO_DOMAIN_METADATA) {
                return Optional.empty();
            }
            throw e;
        }
    }

    @Override
    public void setMetadata(UUID id, boolean active, String element, String prefix, String namespace) {
        int flags = active ? AFFECT_LIVE | AFFECT_CONFIG : AFFECT_CONFIG;
        run(id, domain -> lib.virDomainSetMetadata(domain, METADATA_ELEMENT, element, prefix, namespace, flags));
    }

    @Override
    public void define(String xml) {
        connection.using(lib.virDomainDefineXML(connection.pointer(), xml), lib::virDomainFree, domain -> Boolean.TRUE);
    }

    @Override
    public void startTransient(String xml) {
        connection.using(
                lib.virDomainCreateXML(connection.pointer(), xml, START_PAUSED | START_AUTODESTROY),
                lib::virDomainFree,
                domain -> Boolean.TRUE);
    }

    @Override
    public void save(UUID id) {
        run(id, domain -> lib.virDomainManagedSave(domain, 0));
    }

    @Override
    public void removeSaved(UUID id) {
        run(id, domain -> isSaved(domain) ? lib.virDomainManagedSaveRemove(domain, 0) : 0);
    }

    @Override
    public void beginBackup(UUID id, String xml) {
        run(id, domain -> lib.virDomainBackupBegin(domain, xml, null, BACKUP_REUSE_EXTERNAL));
    }

    @Override
    public void start(UUID id) {
        run(id, lib::virDomainCreate);
    }

    @Override
    public void shutdown(UUID id) {
        run(id, lib::virDomainShutdown);
    }

    @Override
    public void reboot(UUID id) {
        run(id, domain -> lib.virDomainReboot(domain, SHUTDOWN_ACPI));
    }

    @Override
    public void destroy(UUID id) {
        run(id, lib::virDomainDestroy);
    }

    @Override
    public void suspend(UUID id) {
        run(id, lib::virDomainSuspend);
    }

    @Override
    public void resume(UUID id) {
        run(id, lib::virDomainResume);
    }

    @Override
    public void injectNmi(UUID id) {
        run(id, domain -> lib.virDomainInjectNMI(domain, 0));
    }

    @Override
    public void askAgent(UUID id, int seconds) {
        with(connection, id, domain -> {
            connection.check(lib.virDomainAgentSetResponseTimeout(domain, seconds, 0));
            return connection.check(lib.virDomainGetTime(domain, new LongByReference(), new IntByReference(), 0));
        });
    }

    @Override
    public void setUserPassword(UUID id, String user, String password) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        try (Memory secret = new Memory(bytes.length + 1L)) {
            secret.write(0, bytes, 0, bytes.length);
            secret.setByte(bytes.length, (byte) 0);
            try {
                run(id, domain -> lib.virDomainSetUserPassword(domain, user, secret, 0));
            } finally {
                secret.clear();
            }
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    @Override
    public JobStatistics figures(UUID id) {
        return with(connection, id, this::figures);
    }

    private JobStatistics figures(DomainPointer domain) {
        // virDomainPtr[], ended by NULL
        try (Memory domains = new Memory(2L * Native.POINTER_SIZE)) {
            domains.setPointer(0, domain.getPointer());
            domains.setPointer(Native.POINTER_SIZE, Pointer.NULL);
            PointerByReference array = new PointerByReference();
            int count = connection.check(lib.virDomainListGetStats(domains, STATS_FIGURES, array, STATS_NOWAIT));
            Pointer records = array.getValue();
            try {
                if (count == 0) {
                    throw new LibvirtError(LibvirtError.NO_DOMAIN, 0, "the domain is gone");
                }
                Pointer record = records.getPointer(0);
                return TypedParameters.read(
                        record.getPointer(Native.POINTER_SIZE), record.getInt(2L * Native.POINTER_SIZE));
            } finally {
                if (records != null) {
                    lib.virDomainStatsRecordListFree(records);
                }
            }
        }
    }

    @Override
    public void undefine(UUID id, int flags) {
        run(id, domain -> lib.virDomainUndefineFlags(domain, flags));
    }
}
