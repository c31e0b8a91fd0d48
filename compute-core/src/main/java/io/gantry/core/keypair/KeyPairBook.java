package io.gantry.core.keypair;

import io.gantry.core.quota.QuotaBook;
import io.gantry.core.state.KeyPairRow;
import io.gantry.core.state.State;
import io.gantry.core.state.Table;
import io.gantry.error.Conflict;
import io.gantry.error.InvalidRequest;
import io.gantry.error.NotFound;
import io.gantry.identity.Caller;
import io.gantry.keypair.GeneratedKeyPair;
import io.gantry.keypair.KeyAlgorithm;
import io.gantry.keypair.KeyPair;
import io.gantry.keypair.KeyPairType;
import io.gantry.keypair.KeyPairs;
import io.gantry.quota.QuotaExceeded;
import io.gantry.quota.QuotaResource;
import io.gantry.spi.store.Transaction;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The key pairs of all users. */
public final class KeyPairBook {
    private static final Map<String, Long> ONE = Map.of(QuotaResource.KEY_PAIRS.word(), 1L);

    private final State state;
    private final QuotaBook quotas;
    private final Clock clock;
    private final SshKeyFactory factory;

    /**
     * Opens the key pairs of a state.
     *
     * @param random makes the keys
     */
    public KeyPairBook(State state, QuotaBook quotas, Clock clock, SecureRandom random) {
        this.state = state;
        this.quotas = quotas;
        this.clock = clock;
        this.factory = new SshKeyFactory(random);
    }

    /** {@return the key pairs of a caller's user} */
    public KeyPairs of(Caller caller) {
        return new KeyPairs() {
            @Override
            public KeyPair importPublicKey(String name, KeyPairType type, String publicKey) {
                return KeyPairBook.this.importPublicKey(caller, name, type, publicKey);
            }

            @Override
            public GeneratedKeyPair generate(String name, KeyAlgorithm algorithm) {
                return KeyPairBook.this.generate(caller, name, algorithm);
            }

            @Override
            public KeyPair get(String name) {
                return KeyPairBook.this.get(caller, name);
            }

            @Override
            public List<KeyPair> list() {
                return KeyPairBook.this.list(caller);
            }

            @Override
            public void delete(String name) {
                KeyPairBook.this.delete(caller, name);
            }
        };
    }

    /**
     * Adds a public key to those of the caller's user.
     *
     * @throws InvalidRequest if the name or the key has a form that is not allowed
     * @throws Conflict if the user has a key pair with this name
     * @throws QuotaExceeded if the user may not have more of them
     */
    public KeyPair importPublicKey(Caller caller, String name, KeyPairType type, String publicKey) {
        PublicKeys.Key key = PublicKeys.read(type, publicKey);
        KeyPair pair = new KeyPair(name, type, key.text(), key.sha256(), key.md5(), caller.user(), clock.instant());
        state.change(tx -> {
            if (state.keyPairs().get(tx, rowKey(caller, name)).isPresent()) {
                throw new Conflict(
                        pair.ref(), "Key pair " + name + " exists already", "Choose another name, or delete it");
            }
            quotas.charge(tx, consumer(caller, name), caller.project(), caller.user(), ONE);
            state.keyPairs().insert(tx, new KeyPairRow(caller.user().value(), pair));
        });
        return pair;
    }

    /**
     * Makes a key pair and adds its public key to those of the caller's user.
     *
     * @throws InvalidRequest if the name has a form that is not allowed
     * @throws Conflict if the user has a key pair with this name
     * @throws QuotaExceeded if the user may not have more of them
     */
    public GeneratedKeyPair generate(Caller caller, String name, KeyAlgorithm algorithm) {
        SshKeyFactory.Generated made = factory.generate(algorithm, "generated-by-gantry");
        KeyPair pair = importPublicKey(caller, name, KeyPairType.SSH, made.publicKey());
        return new GeneratedKeyPair(pair, made.privateKey());
    }

    /**
     * {@return a key pair of the caller's user}
     *
     * @throws NotFound if it has none with this name
     */
    public KeyPair get(Caller caller, String name) {
        return state.transact(tx -> get(tx, caller, name));
    }

    /**
     * {@return a key pair of the caller's user, in a transaction that uses it}
     *
     * @throws NotFound if it has none with this name
     */
    public KeyPair get(Transaction tx, Caller caller, String name) {
        return entry(tx, caller, name).value().keyPair();
    }

    /** {@return the key pairs of the caller's user, by name} */
    public List<KeyPair> list(Caller caller) {
        return state.transact(
                tx -> state.keyPairs().find(tx, "user", caller.user().value()).stream()
                        .map(entry -> entry.value().keyPair())
                        .toList());
    }

    /**
     * Removes a key pair of the caller's user.
     *
     * @throws NotFound if it has none with this name
     */
    public void delete(Caller caller, String name) {
        state.change(tx -> {
            state.keyPairs().delete(tx, entry(tx, caller, name));
            quotas.release(tx, consumer(caller, name));
        });
    }

    private Table.Entry<KeyPairRow> entry(Transaction tx, Caller caller, String name) {
        return state.keyPairs()
                .get(tx, rowKey(caller, name))
                .orElseThrow(
                        () -> new NotFound(KeyPair.ref(name), "List your key pairs with compute.keyPairs().list()"));
    }

    private static String rowKey(Caller caller, String name) {
        return KeyPairRow.key(caller.user().value(), name);
    }

    private static String consumer(Caller caller, String name) {
        return "keypair:" + rowKey(caller, name);
    }
}
