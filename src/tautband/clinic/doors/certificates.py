"""A certificate authority of this computer alone, and the server certificate it signs.

Browsers give passkeys, offline work and the wake lock only to pages reached securely. On localhost that is free; for a
tablet in the room this authority vouches for this computer. Its key never leaves the data folder (mode 600), it can
sign nothing but what this program asks, and it is limited to private addresses and local names by name constraints.
"""

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_DAYS = 3650
SERVER_DAYS = 397
RENEW_BEFORE = timedelta(days=30)
PRIVATE = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",  # shared address space, as overlay networks use it
    "192.0.2.0/24",  # documentation range, as test networks use it
)


@dataclass(frozen=True)
class Certificates:
    """Paths of the authority's certificate and of the server's certificate and key, and the authority's fingerprint."""

    authority: Path
    server: Path
    key: Path
    fingerprint: str


def certificates(folder: Path, addresses: Sequence[str], names: Sequence[str]) -> Certificates:
    """Return certificates for these addresses and names, made or renewed as needed.

    The authority is made once and kept, so a tablet that trusts it goes on trusting; the server's certificate is made
    anew when it is about to expire or the computer has another address.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority_key, authority = _authority(folder)
    server_file, key_file = folder / "server.pem", folder / "server.key"
    if not _still_good(server_file, key_file, authority, addresses, names):
        key = ec.generate_private_key(ec.SECP256R1())
        server = _server(authority_key, authority, key.public_key(), addresses, names)
        _write(key_file, _pem(key))
        _write(server_file, server.public_bytes(serialization.Encoding.PEM))
    fingerprint = authority.fingerprint(hashes.SHA256()).hex(":").upper()
    return Certificates(folder / "authority.pem", server_file, key_file, fingerprint)


def _authority(folder: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key_file, file = folder / "authority.key", folder / "authority.pem"
    if key_file.exists() and file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
        if isinstance(key, ec.EllipticCurvePrivateKey) and certificate.not_valid_after_utc > datetime.now(UTC):
            return key, certificate
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _self_signed(key)
    _write(key_file, _pem(key))
    _write(file, certificate.public_bytes(serialization.Encoding.PEM))
    return key, certificate


def _self_signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tautband on this computer")])
    allowed = [
        *(x509.IPAddress(ipaddress.ip_network(net)) for net in PRIVATE),
        x509.IPAddress(ipaddress.ip_network("::1/128")),
        x509.IPAddress(ipaddress.ip_network("fc00::/7")),
        x509.DNSName("localhost"),
        x509.DNSName("local"),
    ]
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        _begin(name, name, key.public_key(), AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(allowed, None), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, hashes.SHA256())
    )


def _server(
    authority_key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    key: ec.EllipticCurvePublicKey,
    addresses: Sequence[str],
    names: Sequence[str],
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tautband workbench")])
    called: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    called += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        _begin(subject, authority.subject, key, SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(called), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _begin(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _still_good(
    file: Path, key_file: Path, authority: x509.Certificate, addresses: Sequence[str], names: Sequence[str]
) -> bool:
    if not (file.exists() and key_file.exists()):
        return False
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    if certificate.issuer != authority.subject or certificate.not_valid_after_utc < datetime.now(UTC) + RENEW_BEFORE:
        return False
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    called = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known = {str(ip) for ip in called.get_values_for_type(x509.IPAddress)}
    return set(addresses) <= known and set(names) <= set(called.get_values_for_type(x509.DNSName))


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(file: Path, data: bytes) -> None:
    """Write whole or not at all, readable by the owner only."""
    temporary = file.with_suffix(f".{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(data)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(file)
