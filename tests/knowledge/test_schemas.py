"""The schemas for editors are those of the forms, and accept what the forms accept."""

import json
from pathlib import Path

from tautband.knowledge.kinds import FOLDERS
from tautband.knowledge.schemas import schemas

WRITTEN = Path(__file__).parents[2] / "docs" / "developer" / "schemas"


def test_the_written_schemas_are_up_to_date() -> None:
    for name, schema in schemas().items():
        written = json.loads((WRITTEN / f"{name}.schema.json").read_text(encoding="utf-8"))
        assert written == schema, (
            f"Write it anew: bin/tautband atlas schemas --out {WRITTEN.relative_to(WRITTEN.parents[2])}"
        )


def test_every_folder_has_a_schema() -> None:
    assert set(schemas()) == set(FOLDERS)


def test_short_forms_are_allowed() -> None:
    muscle = schemas()["muscles"]
    by = muscle["$defs"]["Action"]["properties"]["by"]
    assert {"type": "string"} in by["anyOf"]
    assert muscle["additionalProperties"] is False
