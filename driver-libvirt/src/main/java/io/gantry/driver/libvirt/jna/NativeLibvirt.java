package io.gantry.driver.libvirt.jna;

import com.sun.jna.Callback;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import org.jspecify.annotations.Nullable;
import org.libvirt.jna.CString;
import org.libvirt.jna.ConnectionPointer;
import org.libvirt.jna.DomainPointer;
import org.libvirt.jna.Libvirt;
import org.libvirt.jna.SizeT;
import org.libvirt.jna.StorageVolPointer;
import org.libvirt.jna.StreamPointer;
import org.libvirt.jna.virStorageVolInfo;

/** libvirt-java's binding, and what it lacks, on the same library. Strings are UTF-8, whatever the locale. */
interface NativeLibvirt extends Libvirt {
    int virGetLastErrorCode();

    int virGetLastErrorDomain();

    @Nullable
    String virGetLastErrorMessage();

    int virStorageVolGetInfoFlags(StorageVolPointer volume, virStorageVolInfo info, int flags);

    int virStreamSend(StreamPointer stream, Pointer data, SizeT size);

    int virStreamRecv(StreamPointer stream, Pointer data, SizeT size);

    int virConnectListAllDomains(ConnectionPointer connection, PointerByReference domains, int flags);

    int virConnectListAllNodeDevices(ConnectionPointer connection, PointerByReference devices, int flags);

    int virConnectGetAllDomainStats(ConnectionPointer connection, int stats, PointerByReference records, int flags);

    int virDomainListGetStats(Pointer domains, int stats, PointerByReference records, int flags);

    int virDomainAgentSetResponseTimeout(DomainPointer domain, int seconds, int flags);

    int virDomainGetTime(DomainPointer domain, LongByReference seconds, IntByReference nanoseconds, int flags);

    int virDomainSetUserPassword(DomainPointer domain, String user, Pointer password, int flags);

    int virDomainInjectNMI(DomainPointer domain, int flags);

    void virDomainStatsRecordListFree(Pointer records);

    int virDomainGetState(DomainPointer domain, IntByReference state, IntByReference reason, int flags);

    @Nullable
    CString virConnectGetDomainCapabilities(
            ConnectionPointer connection,
            @Nullable String emulator,
            @Nullable String architecture,
            @Nullable String machine,
            String type,
            int flags);

    int virConnectCompareHypervisorCPU(
            ConnectionPointer connection,
            String emulator,
            String architecture,
            String machine,
            String type,
            String cpu,
            int flags);

    int virDomainMigrateToURI3(
            DomainPointer domain, String destination, @Nullable Pointer params, int count, int flags);

    int virTypedParamsAddString(
            PointerByReference params, IntByReference count, IntByReference max, String name, String value);

    int virTypedParamsAddULLong(
            PointerByReference params, IntByReference count, IntByReference max, String name, long value);

    int virConnectDomainEventRegisterAny(
            ConnectionPointer connection,
            @Nullable DomainPointer domain,
            int event,
            Callback callback,
            Pointer opaque,
            @Nullable Pointer free);

    /** {@code virConnectDomainEventJobCompletedCallback}. */
    interface JobCompletedCallback extends Callback {
        void eventCallback(
                ConnectionPointer connection, DomainPointer domain, Pointer params, int count, Pointer opaque);
    }
}
