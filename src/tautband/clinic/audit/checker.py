#!/usr/bin/env python3
"""Checks a Tautband export: that no file, no signed note and no entry of the log was changed, taken out or moved.

    python3 check.py EXPORT.zip [HEAD.json ...]

This one file needs nothing but Python 3.8 or newer; it travels in every export and shares no line of code with the
program that wrote it. Exit code: 0 whole, 1 something is wrong, 2 this is no export.
It cannot know that newest entries were left out before the export was made, unless a head noted earlier is given.
"""

import hashlib
import json
import sys
import zipfile
from pathlib import Path


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def plain(value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8")


def check_files(archive):
    """Every file stands in the manifest with its SHA-256, and none stands there that is missing."""
    manifest = json.loads(archive.read("manifest.json"))["files"]
    there = {name for name in archive.namelist() if name != "manifest.json"}
    for name in sorted(set(manifest) - there):
        yield f"{name} is missing"
    for name in sorted(there - set(manifest)):
        yield f"{name} was added"
    for name in sorted(there & set(manifest)):
        if sha256(archive.read(name)) != manifest[name]:
            yield f"{name} was changed"


def chains(archive):
    """Chart -> its entries in the order they stand in the file."""
    found = {}
    for name in archive.namelist():
        if name.startswith("audit/") and name.endswith(".jsonl"):
            for line in archive.read(name).decode("utf-8").splitlines():
                entry = json.loads(line)
                found.setdefault(entry["chart"], []).append(entry)
    return found


def check_chain(chart, entries):
    """Each entry has its number, names the seal before it, and carries the SHA-256 of itself."""
    before = "0" * 64
    for place, entry in enumerate(entries, 1):
        where = f"{chart}, entry {entry['number']}"
        if entry["number"] != place:
            yield f"{where}: entry {place} is missing or moved"
            return
        if entry["previous"] != before:
            yield f"{where}: does not follow the entry before it"
            return
        if sha256(plain({name: value for name, value in entry.items() if name != "seal"})) != entry["seal"]:
            yield f"{where}: was changed after it was written"
            return
        before = entry["seal"]


def check_head(head, found, all_charts):
    """The chains are at least as long as the head says, with the same seal at its place."""
    body = {name: value for name, value in head.items() if name != "digest"}
    if sha256(plain(body)) != head.get("digest"):
        yield "the head was changed after it was written"
        return
    for chart, (number, seal) in sorted(head["ends"].items()):
        if chart not in found:
            if all_charts:
                yield f"{chart}: the whole chain is gone"
            continue
        entries = found[chart]
        if len(entries) < number:
            yield f"{chart}: {number - len(entries)} of the newest entries are gone"
        elif entries[number - 1]["seal"] != seal:
            yield f"{chart}, entry {number}: is not the entry the head names"


def check_notes(archive, found):
    """Each signed note has the SHA-256 that its chart's chain was given when it was signed, and none is missing."""
    signed = {}
    for entries in found.values():
        for entry in entries:
            if entry["verb"] == "note.signed":
                signed[json.loads(entry["details"]).get("hash")] = entry["target"]
    name = "data/treatments.signednote.json"
    rows = json.loads(archive.read(name)) if name in archive.namelist() else []
    for row in rows:
        target = f"note/{row['id']}"
        if sha256(row["content"].encode("utf-8")) != row["hash"]:
            yield f"{target}: the signed text was changed"
        elif row["hash"] not in signed:
            yield f"{target}: is not the note that was signed"
    for digest in sorted(set(signed) - {row["hash"] for row in rows}):
        yield f"{signed[digest]}: the signed note is missing"


def check_media(archive, found):
    """Each photo and document is the one that was added, by the SHA-256 in its chart's chain."""
    there = {name.rsplit("/", 1)[1].split(".")[0]: name for name in archive.namelist() if name.startswith("media/")}
    for entries in found.values():
        for entry in entries:
            if entry["verb"] != "attachment.added":
                continue
            name = there.get(entry["target"].split("/", 1)[1])
            if name is None:
                yield f"{entry['target']}: the photo or document is missing"
            elif sha256(archive.read(name)) != json.loads(entry["details"])["sha256"]:
                yield f"{name} is not what was added"


def check(path, heads=()):
    """Everything that is wrong with an export, as sentences."""
    with zipfile.ZipFile(path) as archive:
        damaged = archive.testzip()
        if damaged:
            return [f"{damaged} is damaged"]
        manifest = json.loads(archive.read("manifest.json"))
        trouble = list(check_files(archive))
        found = chains(archive)
        for chart, entries in sorted(found.items()):
            trouble += check_chain(chart, entries)
        own = json.loads(archive.read("head.json"))
        for head in (own, *heads):
            trouble += check_head(head, found, all_charts=manifest["scope"] == "practice" or head is own)
        trouble += check_notes(archive, found)
        trouble += check_media(archive, found)
    return trouble


def main(arguments):
    if not arguments:
        print(__doc__)
        return 2
    try:
        heads = [json.loads(Path(name).read_text(encoding="utf-8")) for name in arguments[1:]]
        trouble = check(arguments[0], heads)
    except (OSError, KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        print(f"This cannot be read as a Tautband export: {error}")
        return 2
    for sentence in trouble:
        print(f"WRONG  {sentence}")
    if not trouble:
        print("WHOLE  every file, every signed note and every entry of the log is as it was written")
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
