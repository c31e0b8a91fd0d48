package io.gantry.core.placement;

import io.gantry.core.state.ClaimRow;
import io.gantry.core.state.ProviderRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.spi.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Compares what providers say is used with the claims on them. */
public final class LedgerAudit {
    /** Stands for the number of claims among the resource classes. */
    public static final String CLAIMS = "claims";

    private final State state;

    /** Creates an audit of a ledger's state. */
    public LedgerAudit(State state) {
        this.state = state;
    }

    /**
     * A difference.
     *
     * @param provider the provider
     * @param resource the resource class, or {@link #CLAIMS}
     * @param recorded what the provider says
     * @param claimed the sum of the claims
     */
    public record Drift(String provider, String resource, long recorded, long claimed) {}

    /**
     * {@return all differences; none, unless the store was changed by others than the ledger}
     *
     * @param repair whether to make each provider say what the claims say
     */
    public List<Drift> run(Transaction tx, boolean repair) {
        List<Drift> drifts = new ArrayList<>();
        Map<String, List<ClaimRow>> byProvider = state.claims().all(tx).stream()
                .map(Table.Entry::value)
                .collect(Collectors.groupingBy(ClaimRow::provider));
        for (Table.Entry<ProviderRow> entry : state.providers().all(tx)) {
            ProviderRow row = entry.value();
            List<ClaimRow> claims = byProvider.getOrDefault(row.id(), List.of());
            Map<String, Long> sum = Amounts.none();
            for (ClaimRow claim : claims) {
                sum = Amounts.plus(sum, claim.amounts(), 1);
            }
            int before = drifts.size();
            TreeSet<String> resources = new TreeSet<>(row.used().keySet());
            resources.addAll(sum.keySet());
            for (String resource : resources) {
                compare(drifts, row.id(), resource, row.usedOf(resource), sum.getOrDefault(resource, 0L));
            }
            compare(drifts, row.id(), CLAIMS, row.claims(), claims.size());
            if (repair && drifts.size() > before) {
                state.providers().update(tx, entry, row.withUsage(sum, claims.size()));
            }
        }
        return drifts;
    }

    private static void compare(List<Drift> drifts, String provider, String resource, long recorded, long claimed) {
        if (recorded != claimed) {
            drifts.add(new Drift(provider, resource, recorded, claimed));
        }
    }
}
