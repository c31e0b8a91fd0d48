package io.gantry.driver.sim;

import io.gantry.error.Conflict;
import io.gantry.error.NotFound;
import io.gantry.instance.InstanceId;
import io.gantry.instance.PowerState;
import io.gantry.operation.OperationId;
import io.gantry.spi.driver.CallContext;
import io.gantry.spi.driver.DiskCopy;
import io.gantry.spi.driver.DiskSource;
import io.gantry.spi.driver.GuestDisk;
import io.gantry.spi.driver.GuestDisks;
import io.gantry.spi.driver.GuestSpec;
import io.gantry.spi.driver.HostConnection;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Faults of what a driver does with disks, as the subjects of its contract. */
final class FaultyDisks {
    private FaultyDisks() {}

    abstract static class DiskCase extends FaultyDrivers.Case {
        @Override
        abstract GuestDisks spoil(GuestDisks good, HostConnection host);
    }

    /** Does all that the good one does; faults override a method. */
    private static class Same implements GuestDisks {
        final GuestDisks good;

        Same(GuestDisks good) {
            this.good = good;
        }

        @Override
        public String storageId() {
            return good.storageId();
        }

        @Override
        public List<GuestDisk> list() {
            return good.list();
        }

        @Override
        public DiskCopy copy(CallContext context, InstanceId id, String name) {
            return good.copy(context, id, name);
        }

        @Override
        public InputStream open(InstanceId id, String name) throws IOException {
            return good.open(id, name);
        }

        @Override
        public void restore(CallContext context, InstanceId id, String name) {
            good.restore(context, id, name);
        }

        @Override
        public void rebuild(CallContext context, GuestSpec spec) {
            good.rebuild(context, spec);
        }

        @Override
        public void createGuest(CallContext context, GuestSpec spec, DiskSource content) throws IOException {
            good.createGuest(context, spec, content);
        }

        @Override
        public void delete(CallContext context, GuestDisk disk) {
            good.delete(context, disk);
        }
    }

    static class DisksAreMissing extends FaultyDrivers.Case {
        @Override
        HostConnection spoil(HostConnection good) {
            return FaultyDrivers.faulty(
                    HostConnection.class,
                    good,
                    (method, arguments, next) -> method.getName().equals("disks") ? Optional.empty() : next.go());
        }
    }

    /** A copy that follows its disk. */
    static class CopyIsLive extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public InputStream open(InstanceId id, String name) throws IOException {
                    good.open(id, name).close();
                    good.delete(Bench.context(), GuestDisk.copy(id, name));
                    good.copy(Bench.context(), id, name);
                    return good.open(id, name);
                }
            };
        }
    }

    static class CopyAgainIsAnotherOne extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public DiskCopy copy(CallContext context, InstanceId id, String name) {
                    good.delete(context, GuestDisk.copy(id, name));
                    return good.copy(context, id, name);
                }
            };
        }
    }

    static class CopyStopsGuest extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public DiskCopy copy(CallContext context, InstanceId id, String name) {
                    DiskCopy copy = good.copy(context, id, name);
                    host.powerOffGuest(context, id);
                    return copy;
                }
            };
        }
    }

    static class NamesAreNotChecked extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public DiskCopy copy(CallContext context, InstanceId id, String name) {
                    return good.copy(context, id, name.replaceAll("[^a-z0-9-]", "x") + "x");
                }
            };
        }
    }

    static class ContentIsIgnored extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public void createGuest(CallContext context, GuestSpec spec, DiskSource content) {
                    host.createGuest(context, spec);
                }
            };
        }
    }

    static class ContentAgainFails extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public void createGuest(CallContext context, GuestSpec spec, DiskSource content) throws IOException {
                    if (host.guest(spec.id()).isPresent()) {
                        throw new Conflict(spec.id().ref(), "it exists", "Choose another id");
                    }
                    good.createGuest(context, spec, content);
                }
            };
        }
    }

    static class BrokenContentLeavesDisk extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public void createGuest(CallContext context, GuestSpec spec, DiskSource content) throws IOException {
                    try {
                        good.createGuest(context, spec, content);
                    } catch (IOException e) {
                        host.createGuest(context, spec);
                        host.releaseGuest(context, spec.id());
                        throw e;
                    }
                }
            };
        }
    }

    static class CutContentIsTaken extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public void createGuest(CallContext context, GuestSpec spec, DiskSource content) throws IOException {
                    try {
                        good.createGuest(context, spec, content);
                    } catch (IOException e) {
                        if (String.valueOf(e.getMessage()).contains("broke off")) {
                            throw e;
                        }
                        host.createGuest(context, spec);
                    }
                }
            };
        }
    }

    static class RestoreKeepsCopy extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public void restore(CallContext context, InstanceId id, String name) {
                    good.restore(context, id, name);
                    good.copy(context, id, name);
                }
            };
        }
    }

    static class RestoreDoesNothing extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public void restore(CallContext context, InstanceId id, String name) {
                    if (Bench.power(host, id) != PowerState.SHUTDOWN) {
                        good.restore(context, id, name);
                    }
                    good.delete(context, GuestDisk.copy(id, name));
                }
            };
        }
    }

    static class RestoreAgainIsNotFound extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public void restore(CallContext context, InstanceId id, String name) {
                    if (!good.list().contains(GuestDisk.copy(id, name))) {
                        throw new NotFound(id.ref(), "Make the copy first");
                    }
                    good.restore(context, id, name);
                }
            };
        }
    }

    static class RestoreOfRunningStopsIt extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public void restore(CallContext context, InstanceId id, String name) {
                    host.powerOffGuest(context, id);
                    good.restore(context, id, name);
                }
            };
        }
    }

    static class RebuildKeepsDisk extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public void rebuild(CallContext context, GuestSpec spec) {
                    host.resizeGuest(context, spec);
                }
            };
        }
    }

    static class RebuildOfRunningStopsIt extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public void rebuild(CallContext context, GuestSpec spec) {
                    host.powerOffGuest(context, spec.id());
                    good.rebuild(context, spec);
                }
            };
        }
    }

    static class RebuildAgainIsAnotherOne extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public void rebuild(CallContext context, GuestSpec spec) {
                    good.rebuild(new CallContext(OperationId.random(), context.epoch(), context.timeout()), spec);
                }
            };
        }
    }

    static class UsedDiskIsDeletedOrIgnored extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public void delete(CallContext context, GuestDisk disk) {
                    if (host.guest(disk.instance()).isEmpty() || disk.copy().isPresent()) {
                        good.delete(context, disk);
                    }
                }
            };
        }
    }

    static class DeleteKeepsLeftovers extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public void delete(CallContext context, GuestDisk disk) {
                    if (host.guest(disk.instance()).isPresent()) {
                        good.delete(context, disk);
                    }
                }
            };
        }
    }

    static class CopiesAreNotListed extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public List<GuestDisk> list() {
                    return good.list().stream()
                            .filter(disk -> disk.copy().isEmpty())
                            .toList();
                }
            };
        }
    }

    static class EveryRootIsInUse extends DiskCase {
        @Override
        GuestDisks spoil(GuestDisks good, HostConnection host) {
            return new Same(good) {
                @Override
                public List<GuestDisk> list() {
                    return good.list().stream()
                            .map(disk -> new GuestDisk(
                                    disk.instance(), disk.copy(), disk.copy().isEmpty()))
                            .toList();
                }
            };
        }
    }
}
