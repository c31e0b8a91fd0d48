package io.gantry.core.identity;

import io.gantry.identity.Action;
import io.gantry.identity.Caller;
import io.gantry.identity.ProjectId;
import io.gantry.identity.Role;
import io.gantry.identity.UserId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The page of the guide that shows the default policy: rendered from it, and read back to test it. */
final class PermissionsPage {
    static final Path PATH = Path.of("..", "docs", "guide", "permissions.md");

    private static final ProjectId OWN = ProjectId.of("own");
    private static final ProjectId OTHER = ProjectId.of("other");
    private static final String YES = "yes";
    private static final String NO = "–";

    private PermissionsPage() {}

    /** Whether a role may do something, in its own project or in another one. */
    record Cell(Action action, Role role, boolean inOwnProject) {}

    static boolean ask(RolePolicy policy, Cell cell) {
        Caller caller = new Caller(OWN, UserId.of("user"), cell.role());
        return policy.decide(caller, cell.action(), Optional.of(cell.inOwnProject() ? OWN : OTHER))
                .allowed();
    }

    static String render(RolePolicy policy) {
        StringBuilder page = new StringBuilder("""
                # Permissions

                What each role may do by default. Roles include those to their left; *own* is the caller's own project,
                *other* another one. What belongs to no project, such as hosts and flavors, counts as own. A verb that is
                refused in the own project names the role that it needs; another project's resource looks as if it did not
                exist. `RolePolicy.defaults().with(Action, Role)` changes the role that an action needs; an `AccessPolicy`
                of your own changes anything.

                This page is rendered from `RolePolicy`, and a test compares each cell with it. After a change of the policy:

                    mvn -o test -pl compute-core -am -Dtest=PermissionsPageTest -Dsurefire.failIfNoSpecifiedTests=false \\
                        -Dgantry.docs.write=true

                """);
        List<String> head = new ArrayList<>(List.of("Action"));
        List<String> rule = new ArrayList<>(List.of("---"));
        for (Role role : Role.values()) {
            head.add(RolePolicy.word(role) + ", own");
            head.add("other");
            rule.add(":-:");
            rule.add(":-:");
        }
        row(page, head);
        row(page, rule);
        for (Action action : Action.values()) {
            List<String> cells = new ArrayList<>(List.of("`" + action.word() + "`"));
            for (Role role : Role.values()) {
                cells.add(ask(policy, new Cell(action, role, true)) ? YES : NO);
                cells.add(ask(policy, new Cell(action, role, false)) ? YES : NO);
            }
            row(page, cells);
        }
        return page.toString();
    }

    private static void row(StringBuilder page, List<String> cells) {
        page.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    /** {@return what the page says of each cell} */
    static Map<Cell, Boolean> read(String page) {
        Map<Cell, Boolean> cells = new LinkedHashMap<>();
        page.lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            List<String> words = List.of(line.substring(2, line.length() - 2).split(" \\| ", -1));
            Action action = Action.valueOf(
                    words.get(0).replace("`", "").replace('-', '_').toUpperCase(Locale.ROOT));
            Iterator<String> rest = words.listIterator(1);
            for (Role role : Role.values()) {
                cells.put(new Cell(action, role, true), rest.next().equals(YES));
                cells.put(new Cell(action, role, false), rest.next().equals(YES));
            }
        });
        return cells;
    }
}
