"""The house keeps its contracts: floors, style, types, words, and nothing of anyone's machine."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = {".py", ".md", ".yaml", ".toml", ".txt", ".html", ".css", ".js", ".ts", ".sh", ".json", ".svg", ""}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*command], cwd=ROOT, capture_output=True, text=True, check=False)


def tracked() -> list[Path]:
    listed = run("git", "ls-files", "-z").stdout.split("\0")
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


@pytest.mark.parametrize(
    "command",
    [
        ("lint-imports", "--no-cache"),
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
    ],
    ids=["floors", "lint", "format", "types"],
)
def test_tool_finds_nothing(command: tuple[str, ...]) -> None:
    tool = Path(sys.executable).parent / command[0]
    done = run(str(tool), *command[1:])
    assert done.returncode == 0, done.stdout + done.stderr


def test_floors_and_rooms_that_import_upwards_are_caught(tmp_path: Path) -> None:
    """The contracts can fail: a copy of the house with one upward import of each kind breaks them."""
    package = tmp_path / "src" / "tautband"
    run("cp", "-r", str(ROOT / "src"), str(tmp_path / "src"))
    (package / "terms" / "bad.py").write_text("import tautband.reasoning\n")
    (package / "clinic" / "audit" / "bad.py").write_text("import tautband.clinic.charts\n")
    (tmp_path / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "Floors import only downwards BROKEN" in done.stdout
    assert "Rooms of the clinic import only downwards BROKEN" in done.stdout


def test_no_file_names_a_machine_or_a_registry() -> None:
    private = re.compile(r"(?<![\w.])/(?:root|home/\w+|work/\w+)/|https?://[^/\s]*(?:pypi|registry|mirror)[^/\s]*/")
    bad = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in tracked()
        if path.suffix in TEXT and path.name != "test_house.py"
        for match in [private.search(path.read_text("utf-8", errors="replace"))]
        if match
    ]
    assert not bad


def test_locks_carry_hashes_and_no_address() -> None:
    for name in ("core", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        pins = re.findall(r"^([\w.-]+)==", text, re.M)
        assert pins
        assert "://" not in text
        assert text.count("--hash=sha256:") >= len(pins)


def test_every_dependency_says_why_it_is_here() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    block = text.split("dependencies = [", 1)[1].split("\n]", 1)[0]
    silent = [line for line in block.splitlines() if line.strip() and "#" not in line]
    assert not silent


def test_every_floor_introduces_itself() -> None:
    for init in (ROOT / "src" / "tautband").glob("*/__init__.py"):
        assert init.read_text().lstrip().startswith('"""'), f"{init.parent.name} has no docstring"


def test_every_path_the_pages_name_is_there() -> None:
    """A page that sends the reader to a file, folder or test that is gone fails here."""
    own = re.compile(r"`((?:tests|src|docs|tools|benchmarks|bin|requirements)/[\w./-]*)[ `]|\]\((?!https?:)([^)#\s]+)")
    pages = [path for path in tracked() if path.suffix == ".md"]
    gone = [
        f"{page.relative_to(ROOT)}: {named or linked}"
        for page in pages
        for named, linked in own.findall(page.read_text())
        if not (ROOT / named if named else page.parent / linked).exists()
    ]
    assert len(pages) > 20
    assert not gone


def test_each_risk_has_a_number_of_its_own_and_a_test_that_exists() -> None:
    rows = [row for row in (ROOT / "docs/risk-log.md").read_text().splitlines() if re.match(r"\| R\d+ ", row)]
    numbers = [row.split("|")[1].strip() for row in rows]
    assert len(numbers) == len(set(numbers)), sorted({n for n in numbers if numbers.count(n) > 1})
    for row in rows:
        tests = re.findall(r"`((?:tests|benchmarks|web)/[^`:]+)", row.split("|")[5])
        assert tests, row
        assert [name for name in tests if not (ROOT / name).exists()] == [], row
