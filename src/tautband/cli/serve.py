"""`serve`: prepare the data folder, open the doors, say where the workbench is."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import webbrowser
from pathlib import Path
from typing import Any

from tautband.cli.main import UserError

DEFAULT_PORT = 8400
LEAST_FREE_MB = 100
WORK_ENDS_S = 10
WITHOUT_COMPILED = "TAUTBAND_NO_NUMBA"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `serve`."""
    parser.add_argument("--port", type=int, default=None, help=f"port on this computer (default {DEFAULT_PORT})")
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")
    parser.add_argument(
        "--lan",
        action="store_true",
        help="also serve the room's network over HTTPS, for a tablet; shows a code to scan",
    )
    parser.add_argument(
        "--vault",
        metavar="FILE",
        help="file with the passphrase of a closed record, as TAUTBAND_VAULT names it; without either you are asked",
    )
    parser.add_argument("--home", default=None, help="data folder (default: TAUTBAND_HOME or the platform's place)")


def run(options: argparse.Namespace) -> int:
    """Serve until interrupted."""
    if options.home:
        os.environ["TAUTBAND_HOME"] = str(Path(options.home).expanduser().absolute())
    if options.vault:
        os.environ["TAUTBAND_VAULT"] = str(Path(options.vault).expanduser().absolute())
    port = checked_port(options.port)
    lan = prepare_lan(port) if options.lan else None
    application = open_workbench()
    return listen(application, port, lan, browser=not options.no_browser)


def checked_port(wanted: int | None) -> int:
    """Return a port that can be listened on. Raises UserError when it is taken or no port."""
    from tautband.clinic.doors.addresses import is_free, next_free

    port = DEFAULT_PORT if wanted is None else wanted
    if not 1 <= port <= 65535:
        raise UserError(f"{port} is no port; choose one between 1024 and 65535.")
    if port < 1024 and hasattr(os, "geteuid") and os.geteuid() != 0:
        raise UserError(f"Port {port} needs administrator rights; choose one from 1024 up.")
    if is_free(port):
        return port
    free = next_free(port)
    hint = f" Start with --port {free}." if free else ""
    raise UserError(f"Port {port} is taken, perhaps by Tautband itself: http://localhost:{port}/ .{hint}")


def open_workbench() -> Any:
    """Set up Django, bring the data folder up to date, and return the application."""
    from tautband.cli.verify import data_folder, if_never_closed
    from tautband.clinic.vault import VaultNotOpen

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tautband.clinic.project.settings")
    try:
        from django.conf import settings

        home = Path(settings.HOME)
    except VaultNotOpen as error:
        raise UserError(f"{error} {if_never_closed(data_folder(None) / 'tautband.sqlite3')}") from None
    except RuntimeError as error:
        raise UserError(str(error)) from None
    free_mb = shutil.disk_usage(home).free // 1_000_000
    if free_mb < LEAST_FREE_MB:
        raise UserError(
            f"The disk that holds {home} has {free_mb} MB left; at least {LEAST_FREE_MB} MB are needed to "
            "keep records safely. Make room, or set TAUTBAND_HOME to a folder on another disk."
        )
    import django
    from django.core.management import call_command
    from django.db.utils import DatabaseError

    claim(home)
    django.setup()
    try:
        call_command("prepare")
    except (DatabaseError, OSError) as error:
        raise UserError(what_to_do(error, home)) from None
    from tautband.clinic.project.wsgi import application

    return application


_claims: list[Any] = []


def claim(home: Path) -> None:
    """Hold the data folder for this server until the process ends. Raises UserError when another one holds it.

    A clinic on PostgreSQL runs several servers; each has a folder of its own.
    """
    from tautband.clinic.vault.held import FILE, lock

    file = (home / FILE).open("a+")
    try:
        lock(file)
    except OSError:
        file.seek(0)
        by = file.read().strip()
        file.close()
        where = f" It is process {by}." if by else ""
        raise UserError(
            f"Tautband is already open on {home}.{where} Use that window, or close it (Ctrl-C) and start again."
        ) from None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    _claims.append(file)


def what_to_do(error: Exception, home: Path) -> str:
    """What a failed start means, and the way out."""
    from tautband.cli.verify import last_good

    words = str(error)
    if "malformed" in words or "not a database" in words or "corrupt" in words:
        return (
            f"The record in {home} is damaged ({words}). It was not touched. Keep a copy of the folder; then put the "
            f"last good backup in place. {last_good(home / 'tautband.sqlite3')}"
        )
    if "readonly" in words or "read-only" in words.lower():
        return f"The record in {home} cannot be written: {words}. Nothing was lost. Make the disk writable, then start."
    return (
        f"The data folder {home} could not be brought up to date: {words}. Nothing was lost. "
        "Check that the disk has room and that the folder may be written to."
    )


class Lan:
    """What `--lan` opens: addresses, certificates and the two ports."""

    def __init__(self, port: int) -> None:
        from tautband.clinic.doors.addresses import is_free, lan_addresses
        from tautband.clinic.doors.certificates import certificates
        from tautband.clinic.project.home import home_folder

        self.addresses = lan_addresses()
        if not self.addresses:
            raise UserError(
                "This computer is in no private network. Connect it to the Wi-Fi of the room, then try again."
            )
        self.port, self.trust_port = port + 43, port + 44
        for taken in (p for p in (self.port, self.trust_port) if not is_free(p, "0.0.0.0")):  # noqa: S104
            raise UserError(f"Port {taken}, which --lan needs beside {port}, is taken. Choose another --port.")
        self.certificates = certificates(
            home_folder() / "tls", ["127.0.0.1", *self.addresses], ["localhost", "tautband.local"]
        )
        self.url = f"https://{self.addresses[0]}:{self.port}/"
        self.trust_url = f"http://{self.addresses[0]}:{self.trust_port}/"


def prepare_lan(port: int) -> Lan:
    """Make certificates and tell the settings which names the workbench will be called by."""
    lan = Lan(port)
    os.environ["TAUTBAND_HOSTS"] = ",".join([*lan.addresses, "tautband.local"])
    os.environ["TAUTBAND_LAN"] = "\n".join([lan.url, lan.trust_url, lan.certificates.fingerprint])
    return lan


def listen(application: Any, port: int, lan: Lan | None, *, browser: bool) -> int:
    """Open the doors and serve until interrupted."""
    from tautband.clinic.doors.server import Doors, local_door, room_door, trust_door

    servers = [local_door(application, port)]
    if lan:
        servers.append(room_door(application, lan.port, lan.certificates))
        servers.append(trust_door(lan.trust_port, lan.certificates, lan.url))
    from tautband.clinic.errands.worker import beside

    doors = Doors(servers)
    worker, work = beside()
    stopped = threading.Event()

    def stop(*_: object) -> None:
        if not stopped.is_set():
            stopped.set()
            threading.Thread(target=doors.close, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    url = f"http://localhost:{port}/"
    threading.Thread(target=_announce, args=(servers[0], url, lan, browser), daemon=True).start()
    doors.run()
    worker.stop()
    work.join(timeout=WORK_ENDS_S)
    print("Stopped.", file=sys.stderr)
    return 0


def _announce(server: Any, url: str, lan: Lan | None, browser: bool) -> None:
    """Say where the workbench is as soon as it answers, then make it quick."""
    while not server.ready:
        time.sleep(0.02)
    print(f"Tautband is open at {url}", flush=True)
    print("Keep this window open; Ctrl-C closes it.", file=sys.stderr)
    if lan:
        _announce_lan(lan)
    if browser:
        webbrowser.open(url)
    make_quick()


def make_quick() -> None:
    """Compile the inner loops of the reasoning in a process of its own, then use them, and build the network.

    Until then questions are answered without them, a little slower. A second start finds everything compiled.
    """
    from tautband.reasoning.inference.backend import choose
    from tautband.reasoning.loading import reasoner

    by_hand = os.environ.get(WITHOUT_COMPILED) == "1"
    os.environ[WITHOUT_COMPILED] = "1"
    choose.cache_clear()
    reasoner()
    if by_hand:
        return
    rest = {name: value for name, value in os.environ.items() if name != WITHOUT_COMPILED}
    done = subprocess.run([sys.executable, "-m", "tautband.reasoning.inference.warm"], env=rest, capture_output=True)
    if done.returncode == 0:
        del os.environ[WITHOUT_COMPILED]
        choose.cache_clear()
    else:
        print("The reasoning runs without compiled loops: slower, with the same answers.", file=sys.stderr)


def _announce_lan(lan: Lan) -> None:
    import segno

    print(f"For the tablet: {lan.trust_url}", flush=True)
    segno.make(lan.trust_url, micro=False).terminal(out=sys.stderr, compact=True)
    print(
        f"Open to everyone in this network: the sign-in page at {lan.url} and the page above.\n"
        f"Use it only in a network you trust. Fingerprint of this computer:\n{lan.certificates.fingerprint}",
        file=sys.stderr,
    )
