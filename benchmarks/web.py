"""A throw-away practice and every URL of the workbench, for the benchmarks that walk it."""

import io
import itertools
import os
import re
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PASSWORD = "a violin in the rain"


def begin() -> Path:
    """Start Django on a data folder of its own, made anew, and load the demo practice; return the folder."""
    home = Path(tempfile.mkdtemp(prefix="tautband-bench-"))
    os.environ["TAUTBAND_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tautband.clinic.project.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # guessing is not under test here
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    setup_test_environment()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_demo", stdout=io.StringIO())
    return home


@dataclass(frozen=True)
class Url:
    """One URL pattern: its name, its parameters with the kind of each, and whether its view needs a sign-in."""

    name: str
    route: str
    parameters: tuple[tuple[str, str], ...] = field(default=())


def every_url() -> list[Url]:
    """All named patterns of the project, sorted."""
    from django.urls import get_resolver

    return sorted(_patterns(get_resolver(), ""), key=lambda url: url.name)


def _patterns(resolver: Any, prefix: str, above: dict[str, str] | None = None) -> Iterator[Url]:
    from django.urls import URLPattern, URLResolver

    for entry in resolver.url_patterns:
        named = dict.fromkeys(entry.pattern.regex.groupindex, "words")  # a pattern written as an expression
        kinds = (above or {}) | named | {name: type(kind).__name__ for name, kind in entry.pattern.converters.items()}
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix, kinds)
        elif isinstance(entry, URLPattern) and entry.name:
            yield Url(prefix + entry.name, str(entry.pattern), tuple(kinds.items()))


def rows_of(clients: list[Any]) -> dict[str, list[Any]]:
    """Model name -> keys of the rows that lead to these clients, and of members, locations and the like."""
    from django.apps import apps

    from tautband.clinic.keeping.export import clinic_models, path_to_client

    keys: dict[str, list[Any]] = {}
    for model in clinic_models():
        path = path_to_client(model)
        rows = model._default_manager.all()
        if path is not None:
            rows = rows.filter(**{f"{path}__in": [client.pk for client in clients]})
        keys[model._meta.model_name] = list(rows.order_by("pk").values_list("pk", flat=True)[:40])
    keys["authenticator"] = list(apps.get_model("mfa", "Authenticator").objects.values_list("pk", flat=True)[:5]) or [1]
    return keys


def paths(url: Url, keys: dict[str, list[Any]], most: int) -> list[str]:
    """Addresses of a pattern with keys that fit, the likeliest first, at most so many."""
    from django.urls import NoReverseMatch, reverse

    choices = [_values(name, kind, keys) for name, kind in url.parameters]
    found: list[str] = []
    for values in itertools.islice(itertools.product(*choices), most * 20):
        try:
            path = reverse(
                url.name, kwargs={name: value for (name, _), value in zip(url.parameters, values, strict=True)}
            )
        except NoReverseMatch:
            continue
        if path not in found:
            found.append(path)
        if len(found) >= most:
            break
    return found


def _values(name: str, kind: str, keys: dict[str, list[Any]]) -> list[Any]:
    base = re.sub(r"_?(id|pk|key)$", "", name) or name
    near = [key for model, some in keys.items() if base and (base in model or model in base) for key in some]
    every = [key for some in keys.values() for key in some]
    fits = {"UUIDConverter": lambda key: len(str(key)) == 36, "IntConverter": lambda key: isinstance(key, int)}
    fit = fits.get(kind, lambda key: True)
    words = ["1", "0", "2026-11-24", "right", "muscle.infraspinatus", "knee", "note", "x"] if kind not in fits else []
    return list(dict.fromkeys([*filter(fit, near), *words, *filter(fit, every)]))[:60]


def text_of(response: Any) -> str:
    """All that an answer carries, archives unpacked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if not response.streaming:
        body = bytes(body)
    response.close()
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return body.decode("utf-8", "replace")


def say(line: str) -> None:
    """Progress, beside the result."""
    print(line, file=sys.stderr)
