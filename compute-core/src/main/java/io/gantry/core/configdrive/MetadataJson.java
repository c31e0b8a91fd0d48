package io.gantry.core.configdrive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeMap;

/** Writes {@code meta_data.json} in the form of Nova. */
final class MetadataJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private MetadataJson() {}

    static byte[] write(GuestMetadata guest) {
        ObjectNode root = MAPPER.createObjectNode();
        root.put("uuid", guest.id().toString());
        root.put("name", guest.name());
        root.put("hostname", guest.hostname());
        root.put("project_id", guest.project().value());
        root.put("launch_index", guest.launchIndex());
        guest.zone().ifPresent(zone -> root.put("availability_zone", zone));
        ObjectNode metadata = root.putObject("meta");
        new TreeMap<>(guest.metadata()).forEach(metadata::put);
        guest.key().ifPresent(key -> {
            if (!key.isCertificate()) { // cloud-init would take a certificate for an SSH key
                root.putObject("public_keys").put(key.name(), key.text());
            }
            root.putArray("keys")
                    .addObject()
                    .put("name", key.name())
                    .put("type", key.isCertificate() ? "x509" : "ssh")
                    .put("data", key.text());
        });
        if (!guest.files().isEmpty()) {
            ArrayNode files = root.putArray("files");
            List<String> paths = guest.paths();
            for (int i = 0; i < paths.size(); i++) {
                files.addObject().put("path", paths.get(i)).put("content_path", GuestMetadata.contentPath(i));
            }
        }
        root.putArray("devices");
        try {
            return MAPPER.writeValueAsString(root).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Cannot write the metadata of " + guest.id(), e);
        }
    }
}
