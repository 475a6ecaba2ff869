"""What stands in the way of opening is said in words, with the way out; nothing is touched meanwhile."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tautband.cli import serve
from tautband.cli.main import UserError


def test_a_second_server_on_one_folder_is_refused_and_named(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"from pathlib import Path; from tautband.cli.serve import claim; "
            f"claim(Path({str(tmp_path)!r})); print('held', flush=True); input()",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(UserError, match=f"already open on .* process {holder.pid}"):
            serve.claim(tmp_path)
    finally:
        holder.kill()
        holder.communicate()
    serve.claim(tmp_path)  # killed, it holds nothing any more
    serve._claims.pop().close()


def test_a_damaged_record_is_left_alone_and_the_last_good_backup_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tautband.sqlite3"
    file.write_bytes(b"SQLite format 3\x00" + b"\x00garbage" * 4000)
    before = file.read_bytes()
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "tautband-20261127-200000-000000.tautband").touch()
    done = subprocess.run(
        [sys.executable, "-m", "tautband", "serve", "--no-browser", "--port", "29871"],
        env={**os.environ, "TAUTBAND_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 2
    assert "is damaged" in done.stderr
    assert "tautband restore" in done.stderr
    assert "20261127" in done.stderr
    assert "Traceback" not in done.stderr
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        ("attempt to write a readonly database", "Make the disk writable"),
        ("[Errno 30] Read-only file system", "Make the disk writable"),
        ("database or disk is full", "the disk has room"),
        ("database disk image is malformed", "last good backup"),
    ],
)
def test_each_trouble_has_a_way_out(trouble: str, says: str, tmp_path: Path) -> None:
    assert says in serve.what_to_do(OSError(trouble), tmp_path)
