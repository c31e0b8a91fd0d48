package io.gantry.driver.libvirt.port;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Calls about a host's domains. Each but the first two fails with {@link LibvirtError#NO_DOMAIN} if there is none. */
public interface DomainCalls {
    /** Flags of {@link #undefine}: managed save image, snapshots' and checkpoints' metadata, NVRAM, TPM state. */
    int UNDEFINE_ALL = 1 | 1 << 1 | 1 << 2 | 1 << 4;
    /** Flag of {@link #xml}: the persistent definition. */
    int XML_INACTIVE = 1 << 1;
    /** Flag of {@link #xml}: as a migration target needs it. */
    int XML_MIGRATABLE = 1 << 3;

    /** {@return all domains} */
    List<DomainStatus> list();

    /**
     * {@return one domain; empty if there is none}
     *
     * @param id its UUID
     */
    Optional<DomainStatus> find(UUID id);

    /**
     * {@return a domain's XML}
     *
     * @param id its UUID
     * @param flags {@link #XML_INACTIVE}, {@link #XML_MIGRATABLE}
     */
    String xml(UUID id, int flags);

    /**
     * {@return an element of a domain's metadata; empty if it has none of that namespace}
     *
     * @param id its UUID
     * @param namespace the element's namespace
     */
    Optional<String> metadata(UUID id, String namespace);

    /**
     * Replaces an element of the metadata of a domain that is off.
     *
     * @param id its UUID
     * @param element the new element
     * @param prefix the namespace's prefix
     * @param namespace the element's namespace
     */
    void setMetadata(UUID id, String element, String prefix, String namespace);

    /**
     * Defines a persistent domain.
     *
     * @param xml the domain
     */
    void define(String xml);

    /**
     * Starts a domain.
     *
     * @param id its UUID
     */
    void start(UUID id);

    /**
     * Presses the power button.
     *
     * @param id its UUID
     */
    void shutdown(UUID id);

    /**
     * Asks for a reboot.
     *
     * @param id its UUID
     */
    void reboot(UUID id);

    /**
     * Ends a domain's hypervisor process.
     *
     * @param id its UUID
     */
    void destroy(UUID id);

    /**
     * Stops a domain's vCPUs.
     *
     * @param id its UUID
     */
    void suspend(UUID id);

    /**
     * Lets a domain's vCPUs run.
     *
     * @param id its UUID
     */
    void resume(UUID id);

    /**
     * Removes a domain's definition.
     *
     * @param id its UUID
     * @param flags what to remove with it
     */
    void undefine(UUID id, int flags);
}
