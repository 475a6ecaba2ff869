"""The server: opens, says where, says what is in the way, closes cleanly, speaks TLS to the room."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tautband.clinic.doors.addresses import is_free, is_private, next_free
from tautband.clinic.doors.certificates import certificates
from tautband.clinic.doors.middleware import SecureOverTls


def free_port() -> int:
    """A port with room for the two that --lan opens beside it."""
    for start in range(20100, 29000, 97):
        if all(is_free(port, "0.0.0.0") for port in (start, start + 43, start + 44)):
            return start
    raise RuntimeError("no free port")


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "tautband", "serve", "--no-browser", *words]


@contextmanager
def serving(home: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A server that has said where it is."""
    port = free_port()
    process = subprocess.Popen(
        command("--port", str(port), *words),
        env={**os.environ, "TAUTBAND_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    said = [process.stdout.readline().strip()]
    try:
        yield process, [*said, str(port)]
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=240)


def get(url: str, **options: object) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=240, **options) as answer:  # type: ignore[arg-type]
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_it_opens_says_where_and_closes_cleanly(tmp_path: Path) -> None:
    with serving(tmp_path / "home") as (process, (said, port)):
        assert said == f"Tautband is open at http://localhost:{port}/"
        status, page = get(f"http://localhost:{port}/")
        assert status == 200
        assert "Tautband" in page
        assert (tmp_path / "home" / "tautband.sqlite3").exists()
    assert process.returncode == 0


def test_a_taken_port_is_named_with_a_free_one(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            command("--port", str(port)),
            env={**os.environ, "TAUTBAND_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert f"Port {port} is taken" in done.stderr
    assert f"--port {next_free(port)}" in done.stderr or "--port" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("port", ["0", "70000", "-1"])
def test_what_is_no_port_is_refused(tmp_path: Path, port: str) -> None:
    done = subprocess.run(
        command(f"--port={port}"),
        env={**os.environ, "TAUTBAND_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "is no port" in done.stderr


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = subprocess.run(
        command("--port", str(free_port())),
        env={**os.environ, "TAUTBAND_HOME": str(tmp_path / "file" / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "TAUTBAND_HOME" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_room_is_served_over_tls_that_the_authority_vouches_for(prepared: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(prepared, tmp_path / "home"))
    with serving(home, "--lan") as (process, (_, port)):
        assert process.stdout
        trust = process.stdout.readline().rpartition(" ")[2].strip()
        status, page = get(trust)
        assert status == 200
        assert "fingerprint" in page
        with urllib.request.urlopen(f"{trust}tautband.crt", timeout=240) as answer:
            authority = answer.read()
        assert authority == (home / "tls" / "authority.pem").read_bytes()
        assert get(f"{trust}secret.key")[0] == 404
        context = ssl.create_default_context(cadata=authority.decode())
        room = trust.replace("http://", "https://").replace(str(int(port) + 44), str(int(port) + 43))
        status, page = get(f"{room}healthz", context=context)
        assert status == 200
        status, page = get(room, context=context)
        assert status == 403  # nobody in the network may set up the practice; that is done at the computer
        assert "Traceback" not in page
        with pytest.raises(urllib.error.URLError, match="certificate"):
            urllib.request.urlopen(room, timeout=240)


@pytest.mark.parametrize("secure", [True, False])
def test_cookies_given_out_over_tls_are_for_tls_only(secure: bool) -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        response = HttpResponse()
        response.set_cookie("tautband_csrf", "x")
        return response

    response = SecureOverTls(answer)(RequestFactory().get("/", secure=secure))
    assert bool(response.cookies["tautband_csrf"]["secure"]) is secure


def test_the_authority_is_kept_and_the_server_certificate_follows_the_address(tmp_path: Path) -> None:
    first = certificates(tmp_path, ["127.0.0.1", "192.168.1.5"], ["localhost"])
    authority, server = first.authority.read_bytes(), first.server.read_bytes()
    again = certificates(tmp_path, ["127.0.0.1", "192.168.1.5"], ["localhost"])
    assert again.server.read_bytes() == server
    moved = certificates(tmp_path, ["127.0.0.1", "10.0.0.9"], ["localhost"])
    assert moved.server.read_bytes() != server
    assert moved.authority.read_bytes() == authority
    assert moved.fingerprint == first.fingerprint
    assert oct((tmp_path / "authority.key").stat().st_mode & 0o777) == "0o600"


def test_openssl_agrees_and_refuses_a_public_name(tmp_path: Path) -> None:
    """The authority may vouch for private places only: openssl, a second implementation, must say no to others."""
    made = certificates(tmp_path, ["192.168.1.5"], ["localhost"])
    good = subprocess.run(
        ["openssl", "verify", "-CAfile", str(made.authority), str(made.server)], capture_output=True, check=False
    )
    assert good.returncode == 0
    public = certificates(tmp_path, ["8.8.8.8"], ["example.org"])
    bad = subprocess.run(
        ["openssl", "verify", "-CAfile", str(public.authority), str(public.server)], capture_output=True, check=False
    )
    assert bad.returncode != 0


@pytest.mark.parametrize(
    ("address", "private"),
    [("192.168.0.7", True), ("10.1.2.3", True), ("172.20.0.1", True), ("127.0.0.1", False), ("8.8.8.8", False)],
)
def test_only_private_addresses_are_offered(address: str, private: bool) -> None:
    assert is_private(address) is private
