"""Which addresses this computer has in its own network, and whether a port is free."""

import contextlib
import ipaddress
import socket

from tautband.clinic.doors.certificates import PRIVATE

ANYWHERE = ("192.168.255.254", "10.255.255.254", "172.31.255.254")


def lan_addresses() -> tuple[str, ...]:
    """Private IPv4 addresses of this computer, the likeliest first. Nothing is sent."""
    found: list[str] = []
    for target in ANYWHERE:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((target, 9))
            except OSError:
                continue
            found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):  # a host name that does not resolve is common and says nothing
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return tuple(dict.fromkeys(address for address in found if is_private(address)))


def is_private(address: str) -> bool:
    """Whether the certificate authority may vouch for this address: private ranges, without this computer itself."""
    ip = ipaddress.ip_address(address)
    return not ip.is_loopback and any(ip in ipaddress.ip_network(net) for net in PRIVATE)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def next_free(port: int) -> int | None:
    """The next free port above this one, within a hundred."""
    return next((p for p in range(port + 1, port + 101) if is_free(p)), None)
