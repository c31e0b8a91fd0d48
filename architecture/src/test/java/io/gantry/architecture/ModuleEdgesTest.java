package io.gantry.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;

/** Which module and package may know which. */
@AnalyzeClasses(
        packages = "io.gantry",
        importOptions = {ImportOption.DoNotIncludeTests.class, OwnCode.class})
final class ModuleEdgesTest {
    private static final String[] API = {
        "io.gantry",
        "io.gantry.audit..",
        "io.gantry.error..",
        "io.gantry.event..",
        "io.gantry.flavor..",
        "io.gantry.host..",
        "io.gantry.identity..",
        "io.gantry.image..",
        "io.gantry.instance..",
        "io.gantry.keypair..",
        "io.gantry.maintenance..",
        "io.gantry.migration..",
        "io.gantry.operation..",
        "io.gantry.placement..",
        "io.gantry.quota..",
        "io.gantry.servergroup..",
        "io.gantry.spi..",
        "io.gantry.topology..",
        "io.gantry.unit.."
    };

    private static final DescribedPredicate<JavaClass> GANTRY = resideInAPackage("io.gantry..");
    private static final DescribedPredicate<JavaClass> IN_API = resideInAnyPackage(API);

    @ArchTest
    static final ArchRule THE_API_KNOWS_ONLY_ITSELF_AND_JSPECIFY = classes()
            .that(IN_API)
            .should()
            .onlyDependOnClassesThat(IN_API.or(resideInAnyPackage("java..", "org.jspecify..")));

    @ArchTest
    static final ArchRule THE_CORE_KNOWS_ONLY_THE_API = knowsOnly("io.gantry.core..");

    @ArchTest
    static final ArchRule FILTERS_KNOW_ONLY_THE_API = knowsOnly("io.gantry.scheduler.filters..");

    @ArchTest
    static final ArchRule STORES_KNOW_ONLY_THE_API =
            knowsOnly("io.gantry.store..").allowEmptyShould(true);

    @ArchTest
    static final ArchRule THE_CONTRACT_KIT_KNOWS_ONLY_THE_API = knowsOnly("io.gantry.tck..");

    @ArchTest
    static final ArchRule THE_SIMULATED_DRIVER_KNOWS_ONLY_THE_API = knowsOnly("io.gantry.driver.sim..");

    @ArchTest
    static final ArchRule THE_LIBVIRT_BASE_KNOWS_ONLY_THE_API = knowsOnly("io.gantry.driver.libvirt..");

    @ArchTest
    static final ArchRule THE_KVM_DRIVER_KNOWS_THE_API_AND_THE_LIBVIRT_BASE =
            knowsOnly("io.gantry.driver.kvm..", "io.gantry.driver.libvirt..");

    @ArchTest
    static final ArchRule THE_XEN_DRIVER_KNOWS_THE_API_AND_THE_LIBVIRT_BASE =
            knowsOnly("io.gantry.driver.xen..", "io.gantry.driver.libvirt..").allowEmptyShould(true);

    @ArchTest
    static final ArchRule NOTHING_BUT_SAMPLES_AND_BENCHMARKS_KNOWS_THE_CORE = noClasses()
            .that()
            .resideOutsideOfPackages("io.gantry.core..", "io.gantry.samples..", "io.gantry.jmh..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.gantry.core..");

    @ArchTest
    static final ArchRule NOTHING_KNOWS_THE_SAMPLES = noClasses()
            .that()
            .resideOutsideOfPackage("io.gantry.samples..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.gantry.samples..");

    @ArchTest
    static final ArchRule NOTHING_BUT_BENCHMARKS_KNOWS_THE_LAB = noClasses()
            .that()
            .resideOutsideOfPackages("io.gantry.lab..", "io.gantry.jmh..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.gantry.lab..");

    @ArchTest
    static final ArchRule NATIVE_BINDINGS_STAY_IN_THE_LIBVIRT_BASE = noClasses()
            .that()
            .resideOutsideOfPackage("io.gantry.driver.libvirt..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.libvirt..", "com.sun.jna..");

    @ArchTest
    static final ArchRule JACKSON_STAYS_IN_THE_CORE = noClasses()
            .that()
            .resideOutsideOfPackages("io.gantry.core.state..", "io.gantry.core.configdrive..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.fasterxml.jackson..");

    @ArchTest
    static final ArchRule INTERNAL_PACKAGES_ARE_NOT_IMPORTED_BY_OTHER_MODULES = noClasses()
            .that()
            .resideOutsideOfPackage("..internal..")
            .should()
            .dependOnClassesThat(
                    GANTRY.and(resideInAPackage("..internal..")).as("are internal to another Gantry module"))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().assignedFrom(eachPackage()).should().beFreeOfCycles();

    private static SliceAssignment eachPackage() {
        return new SliceAssignment() {
            @Override
            public String getDescription() {
                return "packages";
            }

            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return GANTRY.test(type) ? SliceIdentifier.of(type.getPackageName()) : SliceIdentifier.ignore();
            }
        };
    }

    private static ArchRule knowsOnly(String own, String... others) {
        return classes()
                .that()
                .resideInAPackage(own)
                .should()
                .onlyDependOnClassesThat(IN_API.or(resideInAPackage(own))
                        .or(resideInAnyPackage(others))
                        .or(DescribedPredicate.not(GANTRY))
                        .as("are of the API, of " + own + ", or no Gantry classes"));
    }
}
