"""The command line as people call it: results on stdout, messages on stderr, exit codes that can be relied on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ATLAS = """\
id: muscle.{name}
name: {{en: {name}, plain: a muscle}}
region: shoulder
cites: {{}}
attachments: []
"""


def run(*words: str, cwd: Path | None = None, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **({"TAUTBAND_HOME": str(home)} if home else {})}
    command = [sys.executable, "-m", "tautband", *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, cwd=cwd, env=environment, check=False)


def test_a_fact_is_printed(tmp_path: Path) -> None:
    done = run("fact", "infraspinatus", home=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("Infraspinatus  [muscle.infraspinatus]")
    assert "suprascapular" in done.stdout


def test_a_fact_for_machines(tmp_path: Path) -> None:
    card = json.loads(run("fact", "Infraspinatus", "muscle", "--json", home=tmp_path).stdout)
    assert card["id"] == "muscle.infraspinatus"
    assert all(fact["citations"] for fact in card["facts"])


def test_an_unknown_fact_names_the_nearest(tmp_path: Path) -> None:
    done = run("fact", "supraspin", home=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "muscle.supraspinatus" in done.stderr


def test_check_fails_on_a_broken_file_and_says_where(tmp_path: Path) -> None:
    folder = tmp_path / "atlas" / "muscles" / "shoulder"
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text(ATLAS.format(name="broken"), encoding="utf-8")
    done = run("check", "--only", str(tmp_path / "atlas"), home=tmp_path / "home")
    assert done.returncode == 1
    assert "muscles/shoulder/broken.yaml:" in done.stdout
    assert "errors" in done.stderr
    assert "Traceback" not in done.stderr
    found = json.loads(run("check", "--only", str(tmp_path / "atlas"), "--json", home=tmp_path / "home").stdout)
    assert {problem["severity"] for problem in found} == {"error"}


def test_check_of_an_empty_atlas_is_clean(tmp_path: Path) -> None:
    (tmp_path / "atlas").mkdir()
    done = run("check", "--only", str(tmp_path / "atlas"), home=tmp_path / "home")
    assert (done.returncode, done.stdout) == (0, "")


def test_coverage_is_printed(tmp_path: Path) -> None:
    done = run("check", "--coverage", home=tmp_path)
    assert done.returncode == 0
    assert "unread" in done.stdout.splitlines()[0]


def test_schemas_are_written(tmp_path: Path) -> None:
    done = run("atlas", "schemas", "--out", str(tmp_path / "out"), home=tmp_path)
    assert done.returncode == 0
    assert json.loads((tmp_path / "out" / "muscles.schema.json").read_text(encoding="utf-8"))["title"] == "Muscle"


def test_the_atlas_is_exported(tmp_path: Path) -> None:
    made = json.loads(run("atlas", "export", "--json", home=tmp_path).stdout)
    assert set(made) == {"muscles", "entrapments", "dermatomes"}
    assert {"name", "synonyms", "nerves", "roots", "actions", "referral"} == set(made["muscles"][0])


@pytest.mark.parametrize("words", [(), ("nonsense",), ("fact",), ("check", "--nonsense")])
def test_wrong_use_is_explained(words: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*words, home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage:" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_overlay_is_shown_and_the_rest_still_works(tmp_path: Path) -> None:
    folder = tmp_path / "atlas" / "muscles" / "shoulder"
    folder.mkdir(parents=True)
    (folder / "broken.yaml").write_text("id: [", encoding="utf-8")
    done = run("fact", "infraspinatus", home=tmp_path)
    assert done.returncode == 0
    assert "broken.yaml" in done.stderr
    assert "Infraspinatus" in done.stdout
