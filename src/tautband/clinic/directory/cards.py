"""Signed practitioner cards: what one practice states about a practitioner, so that another directory can take it in.

A card is JSON, signed with Ed25519 over its canonical text (sorted keys, no spaces, UTF-8). CSV and vCard carry the
same card whole in one column or property, beside what people and address books read; so all three can be checked.
"""

import base64
import csv
import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FORMAT = "tautband-practitioner-card/1"
MOST_CARDS = 5_000
COLUMNS = ("name", "practice_name", "town", "address", "languages", "phone", "web", "price", "card")
# A spreadsheet runs what begins like this.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class BadCard(ValueError):
    """A file or card that cannot be taken, with the reason in plain words."""


def _text(card: Mapping[str, Any]) -> bytes:
    unsigned = {name: value for name, value in card.items() if name != "signature"}
    return json.dumps(unsigned, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def public_key(seed: str) -> str:
    """The public key (hex) of a private one (hex)."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)).public_key().public_bytes_raw().hex()


def new_seed() -> str:
    """A fresh private key, hex."""
    return Ed25519PrivateKey.generate().private_bytes_raw().hex()


def fingerprint(key: str) -> str:
    """The key as two people compare it, in groups of four."""
    return " ".join(key[i : i + 4] for i in range(0, 32, 4))


def sign(seed: str, *, practice: str, issued_at: str, practitioner: Mapping[str, Any]) -> dict[str, Any]:
    """A signed card."""
    card: dict[str, Any] = {
        "format": FORMAT,
        "practice": practice,
        "issued_at": issued_at,
        "practitioner": dict(practitioner),
        "key": public_key(seed),
    }
    signature = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed)).sign(_text(card))
    return card | {"signature": base64.b64encode(signature).decode()}


def verified(card: object) -> dict[str, Any]:
    """The card if its signature holds. Raises BadCard."""
    if not isinstance(card, dict) or card.get("format") != FORMAT or not isinstance(card.get("practitioner"), dict):
        raise BadCard("This is not a practitioner card.")
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(card["key"]))
        key.verify(base64.b64decode(card["signature"], validate=True), _text(card))
    except (KeyError, TypeError, ValueError, InvalidSignature):
        who = str(card["practitioner"].get("name", ""))[:60]
        raise BadCard(f"The card of {who or 'somebody'} was changed after it was signed.") from None
    return card


def as_json(cards: Iterable[Mapping[str, Any]]) -> str:
    """A file of cards."""
    return json.dumps({"cards": list(cards)}, ensure_ascii=False, indent=1)


def _packed(card: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(card, ensure_ascii=False).encode()).decode()


def as_csv(cards: Iterable[Mapping[str, Any]]) -> str:
    """The same as a table, with the signed card in the last column. Nothing in it runs in a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for card in cards:
        cells = [str(card["practitioner"].get(name, "")) for name in COLUMNS[:-1]]
        writer.writerow([*(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells), _packed(card)])
    return out.getvalue()


def as_vcard(cards: Iterable[Mapping[str, Any]]) -> str:
    """The same for address books (vCard 4.0), with the signed card as a property of its own."""
    lines = []
    for card in cards:
        said = card["practitioner"]
        lines += ["BEGIN:VCARD", "VERSION:4.0", f"FN:{_escaped(said['name'])}", f"UID:urn:uuid:{said['id']}"]
        lines += [f"ORG:{_escaped(said.get('practice_name', ''))}"]
        lines += [f"ADR:;;{_escaped(said.get('address', ''))};{_escaped(said.get('town', ''))};;;"]
        lines += [f"TEL:{_escaped(said['phone'])}"] if said.get("phone") else []
        lines += [f"URL:{_escaped(said['web'])}"] if said.get("web") else []
        lines += [f"X-TAUTBAND-CARD:{_packed(card)}", "END:VCARD"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "").replace(",", "\\,").replace(";", "\\;")


def _folded(line: str) -> str:
    """At most 75 octets a line, never inside a letter."""
    parts, now, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > 74:
            parts.append(now)
            now, size = "", 0
        now, size = now + letter, size + octets
    return "\r\n ".join([*parts, now])


def read(data: bytes) -> list[dict[str, Any]]:
    """All cards of a file, JSON, CSV or vCard, each with a signature that holds. Raises BadCard; then none is taken."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadCard("The file is not text in UTF-8. Export it again as JSON, CSV or vCard.") from None
    start = text.lstrip()[:12].upper()
    if start.startswith("BEGIN:VCARD"):
        lines = text.replace("\r\n", "\n").replace("\n ", "").split("\n")
        packed = [line.partition(":")[2] for line in lines if line.upper().startswith("X-TAUTBAND-CARD:")]
        found: list[object] = [_unpacked(each) for each in packed]
    elif start.startswith(("{", "[")):
        found = _from_json(text)
    else:
        csv.field_size_limit(1_000_000)
        try:
            rows = list(csv.DictReader(io.StringIO(text)))
        except csv.Error:
            raise BadCard("The table cannot be read. Export it again.") from None
        found = [_unpacked(row.get("card") or "") for row in rows]
    if not found:
        raise BadCard("There is no signed card in this file.")
    if len(found) > MOST_CARDS:
        raise BadCard(f"At most {MOST_CARDS} cards at once.")
    return [verified(each) for each in found]


def _from_json(text: str) -> list[object]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise BadCard("The file is cut off or damaged. Export it again.") from None
    if isinstance(told, dict):
        return list(told["cards"]) if isinstance(told.get("cards"), list) else [told]
    return list(told)


def _unpacked(text: str) -> object:
    try:
        return json.loads(base64.urlsafe_b64decode(text.encode()))
    except (ValueError, RecursionError):
        raise BadCard("A row without its signed card cannot be checked. Export it again as it is.") from None
