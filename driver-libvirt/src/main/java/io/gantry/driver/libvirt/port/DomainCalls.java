package io.gantry.driver.libvirt.port;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Calls about a host's domains. Each that names one but {@link #find} fails with {@link LibvirtError#NO_DOMAIN} if there is none. */
public interface DomainCalls {
    /** Flags of {@link #undefine}: managed save image, snapshots' and checkpoints' metadata, NVRAM, TPM state. */
    int UNDEFINE_ALL = 1 | 1 << 1 | 1 << 2 | 1 << 4;
    /** Flag of {@link #xml}: with what is secret, such as a console's password. */
    int XML_SECURE = 1;
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
     * Replaces an element of a domain's metadata, in its definition and, while it is on, in what runs.
     *
     * @param id its UUID
     * @param active whether it is on; fails with {@link LibvirtError#OPERATION_INVALID} if it is not
     * @param element the new element
     * @param prefix the namespace's prefix
     * @param namespace the element's namespace
     */
    void setMetadata(UUID id, boolean active, String element, String prefix, String namespace);

    /**
     * Defines a persistent domain.
     *
     * @param xml the domain
     */
    void define(String xml);

    /**
     * Starts a domain that has no definition, with its vCPUs stopped. It ends at the latest with this connection.
     *
     * @param xml the domain
     */
    void startTransient(String xml);

    /**
     * Starts a domain, with its saved memory if it has any.
     *
     * @param id its UUID
     */
    void start(UUID id);

    /**
     * Saves a domain's memory to disk and ends its hypervisor process; returns when that is done.
     *
     * @param id its UUID
     */
    void save(UUID id);

    /**
     * Removes a domain's saved memory. Does nothing if there is none.
     *
     * @param id its UUID
     */
    void removeSaved(UUID id);

    /**
     * Begins to copy disks of a domain that is on, as they are now, to files that are there already.
     *
     * @param id its UUID
     * @param xml which disks, and where to
     */
    void beginBackup(UUID id, String xml);

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
     * Sends a domain a non-maskable interrupt.
     *
     * @param id its UUID
     */
    void injectNmi(UUID id);

    /**
     * Asks a domain's guest agent for something without effect, and sets how long it has for each answer from now on.
     *
     * @param id its UUID
     * @param seconds 1 or more
     */
    void askAgent(UUID id, int seconds);

    /**
     * Has a domain's guest agent set a user's password.
     *
     * @param id its UUID
     * @param user the user's name
     * @param password the new password, in the clear
     */
    void setUserPassword(UUID id, String user, String password);

    /**
     * {@return a domain's figures by libvirt's names: {@code state.*}, {@code balloon.*}, {@code vcpu.*} and {@code block.*}} Does not wait
     * for other jobs on the domain; what cannot be read meanwhile is left out.
     *
     * @param id its UUID
     */
    JobStatistics figures(UUID id);

    /**
     * Removes a domain's definition.
     *
     * @param id its UUID
     * @param flags what to remove with it
     */
    void undefine(UUID id, int flags);
}
