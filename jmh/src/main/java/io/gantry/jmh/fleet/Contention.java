package io.gantry.jmh.fleet;

import io.gantry.jmh.store.PassingTransaction;
import io.gantry.spi.store.StaleRow;
import io.gantry.spi.store.StateStore;
import io.gantry.spi.store.StoredRow;
import io.gantry.spi.store.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Counts how transactions end. Those that look at a provider to claim from it are counted apart: made, run again since
 * somebody else changed what they had read, refused since the host has no room.
 */
final class Contention implements StateStore {
    private static final String PROVIDER = "provider";
    private static final String CLAIM = "claim";

    private final StateStore store;
    private final LongAdder transactions = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final LongAdder claims = new LongAdder();
    private final LongAdder staleClaims = new LongAdder();
    private final LongAdder refusedClaims = new LongAdder();

    Contention(StateStore store) {
        this.store = store;
    }

    /** {@return the counts so far, in the order of {@link Counts}} */
    Counts counts() {
        return new Counts(transactions.sum(), stale.sum(), claims.sum(), staleClaims.sum(), refusedClaims.sum());
    }

    /**
     * How transactions ended.
     *
     * @param transactions those that were committed
     * @param stale those that had to be run again
     * @param claims those of the first that claimed
     * @param staleClaims those of the second that would have claimed
     * @param refusedClaims those that found no room where they looked
     */
    record Counts(long transactions, long stale, long claims, long staleClaims, long refusedClaims) {
        static Counts of(String... words) {
            return new Counts(
                    Long.parseLong(words[0]),
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Long.parseLong(words[3]),
                    Long.parseLong(words[4]));
        }

        Counts plus(Counts other) {
            return new Counts(
                    transactions + other.transactions,
                    stale + other.stale,
                    claims + other.claims,
                    staleClaims + other.staleClaims,
                    refusedClaims + other.refusedClaims);
        }

        String[] words() {
            return new String[] {
                "COUNTS",
                Long.toString(transactions),
                Long.toString(stale),
                Long.toString(claims),
                Long.toString(staleClaims),
                Long.toString(refusedClaims)
            };
        }
    }

    @Override
    public <T extends @Nullable Object> T transact(Function<Transaction, T> work) {
        Noting[] last = new Noting[1];
        try {
            T result = store.transact(tx -> {
                last[0] = new Noting(tx);
                return work.apply(last[0]);
            });
            transactions.increment();
            if (last[0] != null && last[0].claimed) {
                claims.increment();
            }
            return result;
        } catch (StaleRow e) {
            stale.increment();
            if (last[0] != null && last[0].claimed) {
                staleClaims.increment();
            }
            throw e;
        } catch (RuntimeException e) {
            if (last[0] != null && last[0].looked) {
                refusedClaims.increment();
            }
            throw e;
        }
    }

    @Override
    public <T extends @Nullable Object> T read(Function<Transaction, T> work) {
        return store.read(work);
    }

    @Override
    public boolean shared() {
        return store.shared();
    }

    @Override
    public void close() {
        store.close();
    }

    private static final class Noting extends PassingTransaction {
        private boolean looked;
        private boolean claimed;

        Noting(Transaction tx) {
            super(tx);
        }

        @Override
        public Optional<StoredRow> get(String table, String key) {
            looked |= table.equals(PROVIDER);
            return super.get(table, key);
        }

        @Override
        public List<StoredRow> find(String table, String attribute, String value) {
            looked |= table.equals(PROVIDER);
            return super.find(table, attribute, value);
        }

        @Override
        public StoredRow insert(String table, String key, String body, Map<String, String> attributes) {
            claimed |= table.equals(CLAIM);
            return super.insert(table, key, body, attributes);
        }
    }
}
