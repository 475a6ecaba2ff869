"""Backup and restore of a whole data folder. No Django, so that it works when nothing else does.

A backup is one sealed file with the database (copied while it is open, by SQLite's own backup), keys, uploads, heads
and the certificates of `--lan`. It is written whole or not at all, and a restore proves it before anything is replaced.

Where the record is in PostgreSQL, `address` names the server, and the database in the archive is its portable form
(`portable`). So a backup of one restores into the other.
"""

import contextlib
import gzip
import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import tautband
from tautband.clinic.audit.files import NotARecord
from tautband.clinic.audit.heads import write_whole
from tautband.clinic.keeping.portable import NotCopied, loaded, write_file
from tautband.clinic.keeping.proof import DATABASE, Proof, prove
from tautband.clinic.keeping.sealed import CannotOpen, SealedReader, SealedWriter, checked_passphrase
from tautband.clinic.sealing.keys import FILE as KEYS
from tautband.clinic.sealing.keys import KeysNotUsable, add_keys, read_ring
from tautband.clinic.vault import VaultNotOpen
from tautband.clinic.vault.files import DATABASE_ERRORS, ERRORS, OPERATIONAL_ERRORS, connect, key_of
from tautband.clinic.vault.held import nobody_else

SUFFIX = ".tautband"
KEEP = 14  # encrypted backups
KEEP_BEFORE_UPGRADE = 5
LEFT_BEHIND_S = 3600
LEDGER = "last-done.json"
ERASED = "erasures.json"
"""Records erased after a backup that was restored: they are erased again before anything is served."""
KEYS_ELSEWHERE = "TAUTBAND_SEALING_KEYS"
BESIDE = ("secret.key", KEYS, "backup.passphrase", "media", "heads", "tls", ERASED)
"""What is kept besides the database; static files are made anew at each start."""


class BackupFailed(OSError):
    """Nothing was written; the message says why and what to do."""


class RestoreFailed(RuntimeError):
    """Nothing was replaced; the message says why and what to do."""


def backup(home: Path, passphrase: str, to: Path | None = None, *, address: str = "") -> Path:
    """Write a backup of a data folder and return its file; the oldest beyond `KEEP` are deleted.

    address  of the PostgreSQL server that holds the record; empty when it is the file in the folder

    Raises WeakPassphrase, or BackupFailed when there is nothing to back up or no room.
    """
    checked_passphrase(passphrase)
    if not address and not (home / DATABASE).is_file():
        raise BackupFailed(f"There is no record in {home}.")
    if address and not (home / "secret.key").is_file():
        raise BackupFailed(
            f"{home} is not the data folder of this practice: its keys and uploads belong into the backup. Name the "
            "folder the server uses with --home."
        )
    folder = to or home / "backups"
    _sweep(home)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = _free_name(folder)
        part = file.with_name(f".{file.name}.part")
        try:
            with tempfile.TemporaryDirectory(prefix=".backup-", dir=home) as work:
                _copy(home, address, Path(work) / DATABASE)
                missing = _uploads_missing(Path(work) / DATABASE, home / "media")
                _write(part, home, Path(work) / DATABASE, passphrase)
            part.rename(file)
            _sync(folder)
        finally:
            part.unlink(missing_ok=True)
    except NotCopied as error:
        raise BackupFailed(f"No backup was made: {error} Earlier backups are untouched.") from error
    except (OSError, VaultNotOpen, *ERRORS) as error:
        raise BackupFailed(
            f"No backup was made in {folder}: {error}. Earlier backups are untouched. "
            "Make room there, or choose another folder with --to."
        ) from error
    _rotate(folder, f"tautband-*{SUFFIX}", KEEP)
    _note(home, "backup", file, {"uploads_missing": missing})
    return file


def _uploads_missing(database: Path, media: Path) -> int:
    """How many uploads the record names that are not in this folder, so that no backup of it can hold them."""
    with contextlib.closing(connect(database, read_only=True)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'attachments_attachment'").fetchone():
            return 0
        keys = [str(UUID(key)) for (key,) in connection.execute("SELECT id FROM attachments_attachment")]
    return sum(not (media / "attachments" / key[:2] / f"{key}.sealed").is_file() for key in keys)


def uploads_missing(home: Path) -> int:
    """How many uploads were not in the folder when the last backup was made."""
    return int(last_done(home).get("backup", {}).get("uploads_missing", 0))


def last_done(home: Path) -> dict[str, dict[str, Any]]:
    """What was last done: `backup` and `proof`, each with `file`, `at` (ISO 8601, UTC) and what was counted."""
    try:
        read: dict[str, dict[str, Any]] = json.loads((home / "backups" / LEDGER).read_text())
    except (OSError, ValueError):
        return {}  # a lost note of what was done is no reason to refuse doing it
    return read


def _note(home: Path, what: str, file: Path, counted: dict[str, int]) -> None:
    if not home.is_dir():
        return
    (home / "backups").mkdir(mode=0o700, exist_ok=True)
    done = {"file": str(file), "at": datetime.now(UTC).isoformat(timespec="seconds"), **counted}
    write_whole(home / "backups" / LEDGER, json.dumps({**last_done(home), what: done}, indent=1))


def _copy(home: Path, address: str, target: Path) -> None:
    if address:
        write_file(address, target, home)
    else:
        copy_database(home / DATABASE, target)


def copy_database(source: Path, target: Path) -> None:
    """Copy an open database as one consistent moment, private, and on the disk when this returns.

    The copy of a closed one is closed, with the same key.
    """
    key = key_of(source)
    target.touch(mode=0o600)
    with (
        contextlib.closing(connect(source, timeout_s=20, key=key)) as reader,
        contextlib.closing(connect(target, key=key)) as writer,
    ):
        reader.backup(writer)
        writer.execute("PRAGMA journal_mode=DELETE")
    with target.open("rb+") as handle:
        os.fsync(handle.fileno())


def copy_before_upgrade(home: Path, address: str = "") -> Path:
    """Keep a copy of the database as it is before its form changes. It lies beside it, no better and no worse guarded.

    One from PostgreSQL is not encrypted, so only the account of the server may read it.

    Raises BackupFailed when there is no room, so that no upgrade runs without its copy.
    """
    folder = home / "backups"
    file = folder / f"before-upgrade-{_stamp()}.sqlite3"
    part = file.with_name(f".{file.name}.part")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        _copy(home, address, part)
        part.rename(file)
    except NotCopied as error:
        raise BackupFailed(f"The record was not upgraded, because no copy could be kept: {error}") from error
    except (OSError, VaultNotOpen, *ERRORS) as error:
        raise BackupFailed(
            f"The record was not upgraded, because no copy could be kept in {folder}: {error}. Make room, start again."
        ) from error
    finally:
        part.unlink(missing_ok=True)
    _rotate(folder, "before-upgrade-*.sqlite3", KEEP_BEFORE_UPGRADE)
    return file


def try_restore(file: Path, passphrase: str, near: Path) -> Proof:
    """Restore a backup into a folder of its own, prove it whole, and throw it away. Raises RestoreFailed.

    near  the data folder: what is unpacked lies in it meanwhile, as private as the record itself; if there is none,
          the system's folder for temporary files is used
    """
    with tempfile.TemporaryDirectory(prefix=".proof-", dir=near if near.is_dir() else None) as work:
        proof = _unpack(file, passphrase, Path(work) / "home")
    _note(near, "proof", file, {"charts": proof.charts, "entries": proof.entries, "notes": proof.notes})
    return proof


def restore(file: Path, passphrase: str, home: Path, *, address: str = "") -> tuple[Proof, Path | None]:
    """Put a backup in place of a data folder; return its proof and where the old folder is kept now, if there was one.

    address  of an empty PostgreSQL database that takes the record; empty when it stays a file in the folder

    The backup is unpacked beside the folder and proved before anything is touched. Raises RestoreFailed.
    """
    home = home.absolute()
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{home.name}.restoring-", dir=home.parent))
    except OSError as error:
        raise RestoreFailed(f"Nothing was restored: {error}.") from error
    try:
        proof = _unpack(file, passphrase, fresh / "home")
        _nobody_uses(home)
        if address and home.is_dir():
            _nobody_serves(home)
        _carry_erasures(home, fresh / "home")
        old = _swap_with_server(fresh / "home", home, address) if address else _put(fresh / "home", home)
    except NotCopied as error:
        raise RestoreFailed(f"{error} Nothing was replaced.") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return proof, old


def _put(fresh: Path, home: Path) -> Path | None:
    _put_keys(fresh)
    return _swap(fresh, home)


def _swap_with_server(fresh: Path, home: Path, address: str) -> Path | None:
    """Put the record onto the server and the rest in place of the folder: both, or neither.

    The rows are kept after the folder is swapped. Whoever is killed between the two finds an empty database, so the
    restore can be tried again, and the old folder beside.
    """
    swapped = False
    try:
        with loaded(fresh / DATABASE, address):
            (fresh / DATABASE).unlink()
            old = _put(fresh, home)
            swapped = True
    except NotCopied:
        if swapped:
            home.rename(fresh)
            if old:
                old.rename(home)
        raise
    return old


def _put_keys(fresh: Path) -> None:
    """Add the keys of the backup to those in another place, where the setting names one: there they are looked for."""
    elsewhere, kept = os.environ.get(KEYS_ELSEWHERE), fresh / KEYS
    if not elsewhere or not kept.is_file():
        return
    try:
        if Path(elsewhere).is_file():
            add_keys(Path(elsewhere), read_ring(kept).keys)
        else:
            shutil.copy2(kept, elsewhere)
    except (OSError, KeysNotUsable) as error:
        raise RestoreFailed(
            f"The keys cannot be put where {KEYS_ELSEWHERE} says: {error} Nothing was replaced."
        ) from error


def _carry_erasures(home: Path, fresh: Path) -> None:
    """Write down in the fresh folder what the old one had erased and the backup still holds."""
    again = {row["erased"]: row for folder in (home, fresh) for row in to_erase_again(folder)}
    again |= {row["erased"]: row for row in erased_in(home / DATABASE) or ()}
    with contextlib.closing(connect(fresh / DATABASE)) as connection:
        held = {key for (key,) in connection.execute("SELECT id FROM people_client")} if again else set()
    left = [row for key, row in again.items() if key in held]
    if left:
        write_whole(fresh / ERASED, json.dumps(left, indent=1))


def to_erase_again(home: Path) -> list[dict[str, str]]:
    """What a restore brought back although it had been erased: `erased` (hex), `by_name`, `certificate`."""
    file = home / ERASED
    found: list[dict[str, str]] = json.loads(file.read_text()) if file.is_file() else []
    return found


def erased_in(file: Path) -> list[dict[str, str]] | None:
    """The erasures a database knows of; None when it is gone or cannot be read."""
    if not file.is_file():
        return None
    try:
        with contextlib.closing(connect(file, read_only=True)) as connection:
            rows = connection.execute(
                "SELECT erased, by_name, certificate FROM keeping_erasure WHERE done_at IS NOT NULL"
            ).fetchall()
    except (VaultNotOpen, *DATABASE_ERRORS):
        return None
    return [{"erased": erased, "by_name": by_name, "certificate": told} for erased, by_name, told in rows]


def _swap(fresh: Path, home: Path) -> Path | None:
    old = None
    try:
        if home.exists():
            old = home.with_name(f"{home.name}.before-restore-{_stamp()}")
            home.rename(old)
        try:
            fresh.rename(home)
        except OSError:
            if old:
                old.rename(home)
            raise
        _sync(home.parent)
    except OSError as error:
        raise RestoreFailed(f"Nothing was replaced: {error}.") from error
    return old


def _nobody_uses(home: Path) -> None:
    """Raise RestoreFailed while a server has the old database open. Leaving WAL needs it alone, so that tells."""
    file = home / DATABASE
    if not file.is_file():
        return
    try:
        with contextlib.closing(connect(file, timeout_s=0.2)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except OPERATIONAL_ERRORS as error:
        if "locked" in str(error):
            raise RestoreFailed(
                f"Tautband is open on {home}. Close it (Ctrl-C in its window), then restore."
            ) from error
    except VaultNotOpen:
        _nobody_serves(home)
    except DATABASE_ERRORS:
        return  # damaged, which may be why somebody restores


def _nobody_serves(home: Path) -> None:
    """The same where no file tells: a record in PostgreSQL, or a closed one whose passphrase is lost."""
    try:
        with nobody_else(home):
            return
    except VaultNotOpen as error:
        raise RestoreFailed(str(error)) from error


# --- The archive --------------------------------------------------------------------------------------------------


def _write(part: Path, home: Path, database: Path, passphrase: str) -> None:
    """Seal the archive; the unencrypted copy of the database never leaves the data folder."""
    files = dict(_files(home, database))
    manifest = {
        "form": "tautband backup 1",
        "version": tautband.__version__,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": {name: _sha256(path) for name, path in files.items()},
    }
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:  # noqa: PTH123 - private
        sealed = SealedWriter(raw, passphrase)
        with (
            gzip.GzipFile(fileobj=sealed, mode="wb", compresslevel=3) as packed,
            tarfile.open(fileobj=packed, mode="w|") as tar,
        ):
            for name, path in files.items():
                tar.add(path, arcname=name, recursive=False)
            note = database.with_name("manifest.json")
            note.write_text(json.dumps(manifest))
            tar.add(note, arcname="manifest.json", recursive=False)
        sealed.finish()


def _files(home: Path, database: Path) -> Iterator[tuple[str, Path]]:
    yield DATABASE, database
    for name in BESIDE:
        place = home / name
        if name == KEYS and os.environ.get(KEYS_ELSEWHERE):
            place = Path(os.environ[KEYS_ELSEWHERE])
        if place.is_file():
            yield name, place
        elif place.is_dir():
            for path in sorted(place.rglob("*")):
                if path.is_file() and not path.is_symlink():
                    yield path.relative_to(home).as_posix(), path


def _unpack(file: Path, passphrase: str, home: Path) -> Proof:
    try:
        home.mkdir(mode=0o700)
        with file.open("rb") as raw:
            sealed = SealedReader(raw, passphrase)
            with tarfile.open(fileobj=sealed, mode="r|gz") as tar:
                tar.extractall(home, filter="data")
            while sealed.read(1 << 16):
                pass
        _check_manifest(home)
        proof = prove(home / DATABASE)
    except VaultNotOpen as error:
        raise RestoreFailed(
            f"{file} holds a closed record, and the passphrase that closed it is needed as well as the one of the "
            f"backup. {error} Nothing was replaced."
        ) from error
    except (CannotOpen, NotARecord) as error:
        raise RestoreFailed(f"{error} Nothing was replaced.") from error
    except (OSError, tarfile.TarError, EOFError, ValueError, KeyError) as error:
        raise RestoreFailed(f"{file} cannot be restored: {error}. Nothing was replaced.") from error
    if proof.trouble:
        raise RestoreFailed(f"The record in {file} is not whole: {'; '.join(proof.trouble[:3])}. Nothing was replaced.")
    (home / "static").mkdir(exist_ok=True)
    return proof


def _check_manifest(home: Path) -> None:
    note = home / "manifest.json"
    wanted = json.loads(note.read_text())["files"]
    note.unlink()
    found = {path.relative_to(home).as_posix(): path for path in home.rglob("*") if path.is_file()}
    if set(found) != set(wanted):
        raise CannotOpen("This backup does not hold the files it names.")
    for name, path in found.items():
        if _sha256(path) != wanted[name]:
            raise CannotOpen(f"{name} in this backup is damaged.")
        path.chmod(0o600)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")


def _free_name(folder: Path) -> Path:
    return folder / f"tautband-{_stamp()}{SUFFIX}"


def _sweep(home: Path) -> None:
    """Remove unsealed copies that a killed backup or proof left in the data folder an hour ago or earlier."""
    for pattern in (".backup-*", ".proof-*"):
        for left in home.glob(pattern):
            if left.is_dir() and time.time() - left.stat().st_mtime > LEFT_BEHIND_S:
                shutil.rmtree(left, ignore_errors=True)


def _rotate(folder: Path, pattern: str, keep: int) -> None:
    for old in sorted(folder.glob(pattern))[:-keep]:
        old.unlink()


def _sync(folder: Path) -> None:
    """Make a rename last through a power cut, where the system knows how."""
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
