"""Every URL as every role: nobody may read a word of a chart that is not theirs.

One demo client with weeks of history becomes Mara's alone. Then a visitor, another client behind the client's door, a
colleague, an assistant, a supervisor of somebody else, reception and the owner ask every URL of the project with every
key of that chart that fits, by GET and by POST. A leak is an answer that holds the client's name or contact (for those
who may not find them), or a sentence of the chart (for all of them). Mara asks first, as a control: if the walk did
not find those words with her, it would prove nothing. Of each pattern the others are asked wherever Mara found words,
else at the likeliest address; so every URL is asked by every role, and where something lies, with each of its keys.

    python benchmarks/roles.py [--most 3]

Prints one JSON line; exit code 1 when anything leaked, broke, or the control failed.
"""

import argparse
import html
import json
import logging
import sys
import time
from http import HTTPStatus
from typing import Any

import web

NAME, PHONE, MAIL = "Qvexia Zorblatt", "0775 518 2204", "qvexia.z@example.org"
SEES_CONTACT = ("owner", "reception")
CONTROL_PAGES = 8


def main() -> int:
    """Walk, and say what leaked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=3, help="addresses tried for one URL pattern")
    options = parser.parse_args()
    started = time.monotonic()
    web.begin()
    logging.disable(logging.WARNING)
    browsers, client = cast()
    contact, clinical = words_of(client)
    keys = web.rows_of([client])
    leaks: list[str] = []
    broken: list[str] = []
    urls = web.every_url()
    tried = {url.name: web.paths(url, keys, options.most) for url in urls}
    keeper, requests = browsers.pop("keeper"), 0
    told: dict[str, int] = {}  # address -> how much the keeper gets there: words of the chart, a page, or nothing
    for path in (path for paths in tried.values() for path in paths):
        requests += 1
        status, text = ask(keeper, "get", path)
        told[path] = 2 if any(word in text for word in clinical) else int(status != HTTPStatus.NOT_FOUND)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            broken.append(f"keeper get {path}")
    seen_by_keeper = {name for name, paths in tried.items() if any(told[path] == 2 for path in paths)}
    addresses = {name: telling(paths, told) for name, paths in tried.items()}
    web.say(f"{len(told)} addresses asked by the keeper, {sum(map(len, addresses.values()))} to be asked by the others")
    for role, cookie in browsers.items():
        forbidden = clinical if role in SEES_CONTACT else contact | clinical
        for path in (path for paths in addresses.values() for path in paths):
            for method in ("get", "post"):
                requests += 1
                status, text = ask(cookie, method, path)
                if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    broken.append(f"{role} {method} {path}")
                if found := sorted(word for word in forbidden if word in text):
                    leaks.append(f"{role} {method} {path}: {found[0][:40]}")
        web.say(f"{role}: {requests} requests in all, {len(leaks)} leaks, {len(broken)} broken")
    unreached = [url.name for url in urls if not addresses[url.name]]
    passed = not leaks and not broken and not unreached and len(seen_by_keeper) >= CONTROL_PAGES
    result = {
        "benchmark": "roles",
        "urls": len(urls),
        "addresses": sum(map(len, addresses.values())),
        "roles": list(browsers),
        "requests": requests,
        "clinical_words": len(clinical),
        "pages_where_the_keeper_reads_them": len(seen_by_keeper),
        "leaks": leaks[:20],
        "leak_count": len(leaks),
        "broken": broken[:20],
        "unreached": unreached,
        "seconds": round(time.monotonic() - started, 1),
        "passed": passed,
    }
    print(json.dumps(result))
    return 0 if passed else 1


def telling(paths: list[str], told: dict[str, int]) -> list[str]:
    """Of the addresses of one pattern those where there is something to leak; at least one, the likeliest."""
    full = [path for path in paths if told[path] == 2]
    return full or sorted(paths, key=lambda path: -told[path])[:1]


def cast() -> tuple[dict[str, str], Any]:
    """Everybody, as session cookies, and the client whose chart must stay closed."""
    from tautband.clinic.people import actions, clientdoor
    from tautband.clinic.people.models import CareTeam, Client, Member, Practice

    Practice.objects.update(demo=False)
    owner = Member.objects.select_related("practice", "user").get(role="owner")
    client = Client.objects.get(name="Ingrid Solheim")
    added = {
        role: actions.add_member(by=owner, display_name=f"The {role}", login=f"bench-{role}", role=kind)
        for role, kind in {
            "keeper": "therapist",
            "colleague": "therapist",
            "assistant": "assistant",
            "supervisor": "supervisor",
            "reception": "reception",
        }.items()
    }
    actions.hand_over_chart(by=owner, client=client, to=added["keeper"])
    CareTeam.objects.filter(client=client).exclude(member=added["keeper"]).delete()
    Client.objects.filter(pk=client.pk).update(name=NAME, phone=PHONE, email=MAIL)
    client.refresh_from_db()
    other = Client.objects.exclude(pk=client.pk).first()
    cookies = {role: _session(user=member.user) for role, member in {**added, "owner": owner}.items()}
    cookies |= {"visitor": "", "another client": _session(values={clientdoor.SESSION_KEY: str(other.pk)})}
    return cookies, client


def _session(user: Any = None, values: dict[str, str] | None = None) -> str:
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import Client as Browser

    if user is not None:
        browser = Browser()
        browser.force_login(user)
        return str(browser.cookies[settings.SESSION_COOKIE_NAME].value)
    session = SessionStore()
    session.update(values or {})
    session.save()
    return str(session.session_key)


def words_of(client: Any) -> tuple[set[str], set[str]]:
    """Words that name the client, and sentences that stand only in the chart."""
    from django.db.models import CharField, TextField

    from tautband.clinic.keeping.export import clinic_models, path_to_client

    contact = {NAME, PHONE, MAIL}
    clinical = {client.notes} - {""}
    for model in clinic_models():
        path = path_to_client(model)
        if path in (None, "pk"):
            continue
        fields = [f.attname for f in model._meta.concrete_fields if isinstance(f, TextField) and not f.choices]
        fields += [f.attname for f in model._meta.concrete_fields if type(f) is CharField and not f.choices]
        for row in model._default_manager.filter(**{path: client.pk})[:200]:
            clinical |= {str(getattr(row, name)) for name in fields}
    # A sentence has spaces, unlike keys; its beginning is enough.
    parts = {part.strip() for text in clinical for part in text.replace("\r", "\n").split("\n")}
    sentences = {part[:60] for part in parts if len(part) >= 20 and part.count(" ") >= 3 and "{" not in part}
    return contact, sentences - _elsewhere(client, sentences)


def _elsewhere(client: Any, sentences: set[str]) -> set[str]:
    """Sentences that stand in other charts or in the atlas too, which prove nothing."""
    from django.db.models import CharField, TextField

    from tautband.clinic.keeping.export import clinic_models, path_to_client

    found: set[str] = set()
    for model in clinic_models():
        path = path_to_client(model)
        if path is None:
            continue
        names = [f.attname for f in model._meta.concrete_fields if isinstance(f, TextField | CharField)]
        for row in model._default_manager.exclude(**{path: client.pk})[:2000]:
            text = "\n".join(str(getattr(row, name)) for name in names)
            found |= {sentence for sentence in sentences if sentence in text}
    return found | {sentence for sentence in sentences if sentence in _atlas_text()}


def _atlas_text() -> str:
    if not _cached:
        folder = web.ROOT / "src" / "tautband" / "atlas"
        _cached.append("\n".join(file.read_text("utf-8") for file in folder.rglob("*.yaml")))
    return _cached[0]


_cached: list[str] = []


def ask(cookie: str, method: str, path: str) -> tuple[int, str]:
    """Status and words of one answer; whatever it changed is taken back."""
    from django.conf import settings
    from django.db import transaction
    from django.test import Client as Browser

    browser = Browser(raise_request_exception=False)
    if cookie:
        browser.cookies[settings.SESSION_COOKIE_NAME] = cookie
    with transaction.atomic():
        response = getattr(browser, method)(path)
        text = html.unescape(web.text_of(response))
        transaction.set_rollback(True)
    return response.status_code, text


if __name__ == "__main__":
    sys.exit(main())
