package io.gantry.quota;

import io.gantry.error.InvalidRequest;
import java.util.Arrays;
import java.util.List;

/** What can be limited. */
public enum QuotaResource {
    /** Instances, whatever their state. */
    INSTANCES("instances", Scope.PROJECT, 10),
    /** vCPUs of instances. */
    CORES("cores", Scope.PROJECT, 20),
    /** Memory of instances, in MiB. */
    RAM("ram", Scope.PROJECT, 51_200),
    /** Server groups. */
    SERVER_GROUPS("server_groups", Scope.PROJECT, 10),
    /** Key pairs of one user, in whichever project. */
    KEY_PAIRS("key_pairs", Scope.USER, 100),
    /** Metadata items of one instance. */
    METADATA_ITEMS("metadata_items", Scope.REQUEST, 128),
    /** Files that are put into the guest of one instance. */
    INJECTED_FILES("injected_files", Scope.REQUEST, 5),
    /** Content of one such file, in bytes. */
    INJECTED_FILE_CONTENT_BYTES("injected_file_content_bytes", Scope.REQUEST, 10_240),
    /** Path of one such file, in bytes of UTF-8. */
    INJECTED_FILE_PATH_BYTES("injected_file_path_bytes", Scope.REQUEST, 255),
    /** Members of one server group. */
    SERVER_GROUP_MEMBERS("server_group_members", Scope.REQUEST, 10);

    private final String word;
    private final Scope scope;
    private final long defaultLimit;

    QuotaResource(String word, Scope scope, long defaultLimit) {
        this.word = word;
        this.scope = scope;
        this.defaultLimit = defaultLimit;
    }

    /** What is added up before it is compared with the limit. */
    public enum Scope {
        /** All that a project holds; a user's own limit there counts what the user holds in the project. */
        PROJECT,
        /** All that a user holds. */
        USER,
        /** Nothing: the limit is on each single request or thing. */
        REQUEST
    }

    /** {@return the name as messages and configurations write it, such as {@code key_pairs}} */
    public String word() {
        return word;
    }

    /** {@return what is added up} */
    public Scope scope() {
        return scope;
    }

    /** {@return the limit where nothing else is configured; those of Nova} */
    public long defaultLimit() {
        return defaultLimit;
    }

    /**
     * {@return the resource with this name}
     *
     * @param word such as {@code key_pairs}
     * @throws InvalidRequest if there is none
     */
    public static QuotaResource ofWord(String word) {
        List<QuotaResource> all = Arrays.asList(values());
        return all.stream()
                .filter(resource -> resource.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new InvalidRequest(
                        "quota",
                        word,
                        "cannot be limited",
                        "Use one of " + all.stream().map(QuotaResource::word).toList()));
    }
}
