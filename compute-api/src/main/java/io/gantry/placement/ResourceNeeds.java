package io.gantry.placement;

import io.gantry.error.InvalidRequest;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a flavor's extra specs and an image's properties ask of resource providers besides the flavor's size: {@code
 * resources:CLASS=n}, {@code trait:TRAIT=required|forbidden}, the same with a group's name, {@code resourcesG} and {@code
 * traitG}, and {@code group_policy}. Immutable.
 *
 * @param amounts amounts outside of groups; those of {@code VCPU}, {@code MEMORY_MB} and {@code DISK_MB} take the place of the
 *     flavor's, 0 for none
 * @param required traits that the host must have
 * @param forbidden traits that it must not have
 * @param groups by name what one provider of the host has to give
 * @param isolate whether each group needs a provider of its own
 */
public record ResourceNeeds(
        Map<ResourceClass, Long> amounts,
        Set<String> required,
        Set<String> forbidden,
        Map<String, Group> groups,
        boolean isolate) {
    /** Nothing. */
    public static final ResourceNeeds NONE = new ResourceNeeds(Map.of(), Set.of(), Set.of(), Map.of(), false);

    private static final String EXTRA_SPECS = "flavor.extraSpecs.";
    private static final String PROPERTIES = "image.properties.";
    private static final String POLICY = "group_policy";
    private static final String REQUIRED = "required";
    private static final String FORBIDDEN = "forbidden";
    private static final Pattern KEY = Pattern.compile("(resources|trait)([A-Za-z0-9_-]{0,64}):(.*)");
    private static final Pattern TRAIT = Pattern.compile("[A-Z0-9_]{1,255}");
    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,15}");
    private static final long MIB_PER_GIB = 1024;

    /**
     * What one provider has to give.
     *
     * @param amounts how much, by resource class; may be empty, to ask for traits only
     * @param required traits that it must have
     * @param forbidden traits that it must not have
     */
    public record Group(Map<ResourceClass, Long> amounts, Set<String> required, Set<String> forbidden) {
        /**
         * Copies all parts.
         *
         * @param amounts see the record
         * @param required see the record
         * @param forbidden see the record
         */
        public Group {
            amounts = Map.copyOf(amounts);
            required = Set.copyOf(required);
            forbidden = Set.copyOf(forbidden);
        }
    }

    /**
     * Copies all parts.
     *
     * @param amounts see the record
     * @param required see the record
     * @param forbidden see the record
     * @param groups see the record
     * @param isolate see the record
     */
    public ResourceNeeds {
        amounts = Map.copyOf(amounts);
        required = Set.copyOf(required);
        forbidden = Set.copyOf(forbidden);
        groups = Map.copyOf(groups);
    }

    /**
     * {@return what a flavor and an image ask for}
     *
     * @param extraSpecs the flavor's extra specs; those of other kinds are left alone
     * @param imageProperties the image's properties, of which {@code trait:TRAIT=required} counts
     * @throws InvalidRequest if one of them has another form, or they contradict each other
     */
    public static ResourceNeeds parse(Map<String, String> extraSpecs, Map<String, String> imageProperties) {
        Map<String, Draft> drafts = new TreeMap<>();
        extraSpecs.forEach((key, value) -> addSpec(drafts, key, value));
        imageProperties.forEach((key, value) -> addProperty(drafts, key, value));
        @Nullable String policy = extraSpecs.get(POLICY);
        if (policy != null && !policy.equals("none") && !policy.equals("isolate")) {
            throw new InvalidRequest(EXTRA_SPECS + POLICY, policy, "is no policy", "Set 'none' or 'isolate'");
        }
        if (drafts.isEmpty()) {
            return NONE;
        }
        Draft all = drafts.getOrDefault("", new Draft());
        drafts.remove("");
        Map<String, Group> groups = new TreeMap<>();
        drafts.forEach((name, draft) -> {
            draft.amounts.values().removeIf(amount -> amount == 0);
            groups.put(name, new Group(draft.amounts, draft.required, draft.forbidden));
        });
        return new ResourceNeeds(all.amounts, all.required, all.forbidden, groups, "isolate".equals(policy));
    }

    /**
     * {@return how much is asked for of a class instead of what the flavor says; empty for what the flavor says}
     *
     * @param resource the class
     */
    public Optional<Long> amount(ResourceClass resource) {
        return Optional.ofNullable(amounts.get(resource));
    }

    /**
     * {@return these needs with more traits}
     *
     * @param alsoRequired traits that the host must have, too
     * @param alsoForbidden traits that it must not have, either
     */
    public ResourceNeeds with(Set<String> alsoRequired, Set<String> alsoForbidden) {
        Set<String> allRequired = new HashSet<>(required);
        allRequired.addAll(alsoRequired);
        Set<String> allForbidden = new HashSet<>(forbidden);
        allForbidden.addAll(alsoForbidden);
        return new ResourceNeeds(amounts, allRequired, allForbidden, groups, isolate);
    }

    /** A group as far as it was read. */
    private static final class Draft {
        private final Map<ResourceClass, Long> amounts = new TreeMap<>();
        private final Set<String> required = new TreeSet<>();
        private final Set<String> forbidden = new TreeSet<>();
    }

    private static void addSpec(Map<String, Draft> drafts, String key, String value) {
        Matcher parts = KEY.matcher(key);
        if (!parts.matches()) {
            return;
        }
        String field = EXTRA_SPECS + key;
        Draft draft = drafts.computeIfAbsent(parts.group(2), name -> new Draft());
        if (parts.group(1).equals("trait")) {
            String trait = trait(field, parts.group(3));
            switch (value) {
                case REQUIRED -> draft.required.add(trait);
                case FORBIDDEN -> draft.forbidden.add(trait);
                default ->
                    throw new InvalidRequest(
                            field, value, "is neither 'required' nor 'forbidden'", "Set one of the two");
            }
        } else {
            addAmount(draft, field, parts.group(3), value);
        }
    }

    private static void addAmount(Draft draft, String field, String name, String value) {
        if (!AMOUNT.matcher(value).matches()) {
            throw new InvalidRequest(
                    field,
                    value,
                    "is no whole number from 0 on",
                    "Give the amount, or 0 to claim nothing of the class");
        }
        boolean gib = name.equals("DISK_GB");
        long amount = Long.parseLong(value) * (gib ? MIB_PER_GIB : 1);
        ResourceClass resource = gib ? ResourceClass.DISK_MB : resourceClass(field, name);
        if (resource.equals(ResourceClass.VCPU) && amount > Integer.MAX_VALUE) {
            throw new InvalidRequest(field, value, "is more than any host has", "Ask for fewer");
        }
        if (draft.amounts.put(resource, amount) != null) {
            throw new InvalidRequest(field, value, "is set as DISK_GB and as DISK_MB", "Set one of the two");
        }
    }

    private static ResourceClass resourceClass(String field, String name) {
        try {
            return ResourceClass.of(name);
        } catch (InvalidRequest e) {
            throw new InvalidRequest(
                    field,
                    name,
                    "is no resource class",
                    "Use VCPU, MEMORY_MB, DISK_MB, DISK_GB, or CUSTOM_ and upper-case letters, digits and '_'");
        }
    }

    private static void addProperty(Map<String, Draft> drafts, String key, String value) {
        if (!key.startsWith("trait:")) {
            return;
        }
        String field = PROPERTIES + key;
        String trait = trait(field, key.substring("trait:".length()));
        if (!value.equals(REQUIRED)) {
            throw new InvalidRequest(
                    field, value, "is not 'required'", "Set 'required'; only flavors can forbid traits");
        }
        Draft draft = drafts.computeIfAbsent("", name -> new Draft());
        if (draft.forbidden.contains(trait)) {
            throw new InvalidRequest(
                    field,
                    value,
                    "contradicts the flavor, whose extra spec " + key + " is '" + FORBIDDEN + "'",
                    "Choose another flavor or another image");
        }
        draft.required.add(trait);
    }

    private static String trait(String field, String name) {
        if (!TRAIT.matcher(name).matches()) {
            throw new InvalidRequest(
                    field,
                    name,
                    "is no trait of 1 to 255 upper-case letters, digits and '_'",
                    "Use a standard trait, or a name such as 'CUSTOM_SSD'");
        }
        return name;
    }
}
