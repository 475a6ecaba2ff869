"""Give a database the form of a record: exactly these migrations, no more. A program of its own.

    echo '[["people", "0001_initial"], ...]' | python -m tautband.clinic.keeping.form

It runs beside the caller, with settings of its own: TAUTBAND_HOME, and TAUTBAND_DATABASE for a server. So the file that
PostgreSQL is copied into is made just as the file of an embedded practice is, guards included. Exit code 3, and one
line on standard error, when this version cannot make the form or the database has gone further.
"""

import json
import os
import sys

CANNOT = 3


def bring_to(wanted: set[tuple[str, str]]) -> str:
    """Apply the migrations; empty, or why this cannot be done."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    unknown = sorted(wanted - set(graph.nodes))
    if unknown:
        return (
            f"it has the form of a newer version of Tautband ({'.'.join(unknown[0])}, which this one does not know). "
            "Install the version that wrote it, or a newer one"
        )
    beyond = sorted(set(executor.loader.applied_migrations) - wanted)
    if beyond:
        return (
            f"the database has the form of a newer version ({'.'.join(beyond[0])}) than what is to be put into it. "
            "Give it an empty database; the newer form comes at the next start"
        )
    ends = [node for node in graph.nodes if node in wanted and not _goes_on(graph, node, wanted)]
    executor.migrate(sorted(ends))
    made = set(MigrationExecutor(connection).loader.applied_migrations)
    return "" if made == wanted else f"its migrations are not a whole: {sorted(made ^ wanted)[0]}"


def _goes_on(graph: object, node: tuple[str, str], wanted: set[tuple[str, str]]) -> bool:
    children = graph.node_map[node].children  # type: ignore[attr-defined]
    return any(child.key[0] == node[0] and child.key in wanted for child in children)


def main() -> int:
    """Read the migrations from standard input and apply them."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "tautband.clinic.project.settings"
    django.setup()
    why_not = bring_to({(app, name) for app, name in json.load(sys.stdin)})
    print(why_not, file=sys.stderr)
    return CANNOT if why_not else 0


if __name__ == "__main__":
    sys.exit(main())
