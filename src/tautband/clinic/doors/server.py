"""Serve the workbench: on localhost always, and over TLS to the room's network when asked."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cheroot.ssl.builtin import BuiltinSSLAdapter
from cheroot.wsgi import Server

from tautband.clinic.doors.certificates import Certificates
from tautband.clinic.doors.trust import trust_page

THREADS = 8
TIMEOUT_S = 30
LARGEST_HEADERS = 64 * 1024

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass
class Doors:
    """The listening servers; `run` blocks until `close` is called from another thread or a signal."""

    servers: list[Server]

    def run(self) -> None:
        """Serve until closed. The first server runs here, the others beside it."""
        first, *others = self.servers
        for server in others:
            server.prepare()
            threading.Thread(target=server.serve, name=f"port {server.bind_addr[1]}", daemon=True).start()
        try:
            first.prepare()
            first.serve()
        finally:
            self.close()

    def close(self) -> None:
        """Stop listening and let the requests under way finish."""
        for server in self.servers:
            server.stop()


def local_door(application: Application, port: int) -> Server:
    """A server that only this computer can reach."""
    return _server(application, "127.0.0.1", port)


def room_door(application: Application, port: int, certificates: Certificates) -> Server:
    """A server that the room's network can reach, over TLS only."""
    server = _server(application, "0.0.0.0", port)  # noqa: S104 - what --lan asks for, after saying so
    server.ssl_adapter = BuiltinSSLAdapter(str(certificates.server), str(certificates.key))
    return server


def trust_door(port: int, certificates: Certificates, address: str) -> Server:
    """A plain server with two pages: how to trust this computer, and its authority's certificate. Nothing else."""
    return _server(trust_page(certificates, address), "0.0.0.0", port)  # noqa: S104


def _server(application: Application, host: str, port: int) -> Server:
    server = Server((host, port), application, numthreads=THREADS, timeout=TIMEOUT_S, server_name="Tautband")
    server.max_request_header_size = LARGEST_HEADERS
    return server
