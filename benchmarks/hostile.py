"""Hostile requests at every URL: no answer may be a 500, whatever is sent.

Values that break programs (control signs, lone surrogates, huge numbers, half JSON, SQL, paths, dates that are none,
right-to-left marks, megabyte words) go into every parameter, query, header, form field and cookie. Field names come
from the forms that the pages themselves show, so the values reach the code behind them. Each request runs inside a
transaction that is taken back, so the practice stays as it was.

    python benchmarks/hostile.py [--requests 100000] [--seed 1] [--seconds 0]

Prints one JSON line; exit code 1 when something answered with 500 or raised. `--seconds` ends it early; the line then
says how many requests there were.
"""

import argparse
import json
import logging
import random
import re
import sys
import time
import warnings
from collections import Counter
from http import HTTPStatus
from typing import Any

import web

VALUES = (
    "",
    " ",
    "0",
    "-1",
    "1",
    "on",
    "null",
    "NaN",
    "1e309",
    "99999999999999999999999999",
    "-2147483649",
    "9223372036854775808",
    "0x10",
    "1,5",
    "٣",
    "²",
    "\x00",
    "a\x00b",
    "\x1b[2J",
    "\r\nSet-Cookie: a=b",
    "\ud800",
    "\u202e\u2066",
    "\ufeff",
    "👩‍👩‍👧‍👦" * 50,
    "Z̤͔ͧ̑̓" * 40,
    "' OR 1=1 --",
    "{{ 7*7 }}",
    "%s%s%n",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "file:///etc/passwd",
    "https://elsewhere.example/",
    "//elsewhere.example",
    "javascript:alert(1)",
    "[]",
    "{}",
    "[[[[",
    '{"a":',
    "[null]",
    '{"credential":1}',
    '[{"id":null}]',
    '{"strokes":[{"points":[[1e999,"x"]]}]}',
    "2026-02-30",
    "0000-00-00",
    "9999-12-31",
    "1-1-1",
    "2026-11-24T25:61",
    "24:00",
    "00000000-0000-0000-0000-000000000000",
    "muscle.infraspinatus",
    "trp.infraspinatus.1",
    "muscle.",
    "." * 300,
    "x" * 5_000,
    "true",
    "right",
    "client/1",
    "user/1",
    "en-XX",
    "a@b",
    "+" * 60,
    "%00",
    "%ff",
    "éÿ",
)
HEADERS = ("accept-language", "user-agent", "referer", "origin", "x-forwarded-for", "accept", "hx-target", "cookie")
QUERY = ("q", "page", "next", "form", "kind", "by", "since", "until", "archived", "at", "side", "view", "day", "week")
FIELD = re.compile(r"""<(?:input|textarea|select|button)[^>]*\bname=["']([^"'>]+)["'][^>]*>""")
VALUE = re.compile(r"""\bvalue=["']([^"'>]*)["']""")
UNCLEAR = (b"{", b"[1,", b"\xff\xfe\x00", b"a=%zz&b=%", b"--x\r\nContent-Disposition: form-data\r\n\r\n", b"&" * 500)


def main() -> int:
    """Ask, and count what broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=0, help="end after so many seconds; 0 is never")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    started = time.monotonic()
    web.begin()
    logging.disable(logging.CRITICAL)
    walker = Walker(random.Random(options.seed))
    statuses: Counter[int] = Counter()
    broken: Counter[str] = Counter()
    examples: dict[str, str] = {}
    asked = 0
    while asked < options.requests and not (options.seconds and time.monotonic() - started > options.seconds):
        asked += 1
        name, what, status, error = walker.ask()
        statuses[status] += 1
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            broken[f"{name}: {error}"] += 1
            examples.setdefault(f"{name}: {error}", what)
    result = {
        "benchmark": "hostile",
        "requests": asked,
        "urls": len(walker.urls),
        "fields": sum(map(len, walker.fields.values())),
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
        "server_errors": sum(broken.values()),
        "broken": [{"where": where, "times": n, "such_as": examples[where]} for where, n in broken.most_common(20)],
        "seconds": round(time.monotonic() - started, 1),
        "passed": not broken,
    }
    print(json.dumps(result, ensure_ascii=True))
    return 0 if not broken else 1


class Walker:
    """Makes requests from the URLs and from the forms that their pages show."""

    def __init__(self, chance: random.Random) -> None:
        from django.core.signals import got_request_exception
        from django.test import Client as Browser

        from tautband.clinic.people.models import Client, Member, Practice

        Practice.objects.update(demo=False)  # the demo may be removed by one click; a practice may not
        self.chance = chance
        self.urls = web.every_url()
        self.keys = web.rows_of(list(Client.objects.all()[:2]))
        self.fields: dict[str, list[tuple[str, str]]] = {}
        self.browser = Browser(raise_request_exception=False)
        self.browser.force_login(Member.objects.get(role="owner").user)
        self.cookies = self.browser.cookies.output()
        self.session = next(iter(self.browser.cookies.values())).value
        self.error = ""
        got_request_exception.connect(self._heard, weak=False)

    def _heard(self, **_: Any) -> None:
        kind, error, _trace = sys.exc_info()
        self.error = f"{kind.__name__ if kind else '?'}: {str(error)[:120]}"

    def ask(self) -> tuple[str, str, int, str]:
        """One request: the URL's name, what was asked, the status, and the error if there was one."""
        from django.conf import settings
        from django.db import transaction

        url = self.chance.choice(self.urls)
        path = self._path(url)
        self.browser.cookies.clear()
        self.browser.cookies[settings.SESSION_COOKIE_NAME] = self.session
        method, arguments = self._request(url)
        self.error = ""
        try:
            with transaction.atomic():
                response = getattr(self.browser, method)(path, **arguments)
                status = response.status_code
                if status == HTTPStatus.OK and method == "get" and not response.streaming:
                    self._learn(url.name, response.content.decode("utf-8", "replace"))
                response.close()
                transaction.set_rollback(True)
        except Exception as error:
            self.error, status = f"{type(error).__name__}: {str(error)[:120]}", 599
        return url.name, f"{method.upper()} {path} {str(arguments)[:300]}", status, self.error

    def _path(self, url: web.Url) -> str:
        good = web.paths(url, self.keys, 4)
        path = self.chance.choice(good) if good else "/" + url.route
        if url.parameters and self.chance.random() < 0.2:
            path = path.replace(path.strip("/").split("/")[-1], self._word().replace("\ud800", "")[:200], 1)
        if self.chance.random() < 0.4:
            from urllib.parse import quote

            pairs = [f"{self.chance.choice(QUERY)}={quote(self._word().encode('utf-8', 'replace'))}" for _ in range(3)]
            path = f"{path.split('?')[0]}?{'&'.join(pairs)}"
        return path if path.startswith("/") else "/" + path

    def _request(self, url: web.Url) -> tuple[str, dict[str, Any]]:
        headers = {}
        if self.chance.random() < 0.15:
            word = self._word().encode("latin-1", "replace").decode("latin-1").replace("\r", "").replace("\n", "")
            headers[self.chance.choice(HEADERS)] = word[:500]
        if self.chance.random() < 0.3:
            headers["hx-request"] = "true"
        roll = self.chance.random()
        if roll < 0.35:
            return "get", {"headers": headers}
        if roll < 0.4:
            method = self.chance.choice(["put", "delete", "options", "head", "patch"])
            return method, {"headers": headers}
        if roll < 0.48:
            kind = self.chance.choice(
                [
                    "application/json",
                    "application/x-www-form-urlencoded",
                    "text/plain",
                    "multipart/form-data; boundary=x",
                ]
            )
            return "post", {"data": self.chance.choice(UNCLEAR), "content_type": kind, "headers": headers}
        return "post", {"data": self._form(url), "headers": headers}

    def _form(self, url: web.Url) -> dict[str, Any]:
        known = self.fields.get(url.name) or [field for some in list(self.fields.values())[:3] for field in some]
        data: dict[str, Any] = {}
        for name, value in known[:40]:
            roll = self.chance.random()
            if roll < 0.5:
                data[name] = value  # mostly right, so that one wrong value gets past the others
            elif roll < 0.9:
                data[name] = self._word().encode("utf-8", "replace").decode("utf-8")
        if self.chance.random() < 0.2:
            from django.core.files.uploadedfile import SimpleUploadedFile

            content = self.chance.choice(
                [b"", b"\xff\xd8\xff\xe0junk", b"%PDF-1.4", b"PK\x03\x04", b"<svg/>", b"\x89PNG"]
            )
            data[self.chance.choice(["file", "upload", "photo", "picture"])] = SimpleUploadedFile(
                "a\u202e.jpg", content
            )
        data[self.chance.choice(["note", "key", "version", "next", "result", "data", "marks"])] = (
            self._word().encode("utf-8", "replace").decode("utf-8")
        )
        return data

    def _word(self) -> str:
        if self.chance.random() < 0.8:
            return self.chance.choice(VALUES)
        return "".join(chr(self.chance.randrange(1, 0x2FFF)) for _ in range(self.chance.randrange(1, 40)))

    def _learn(self, name: str, page: str) -> None:
        """Remember the fields of a page's forms, for the page's own URL and for every URL its forms lead to."""
        from django.urls import Resolver404, resolve

        for form in re.findall(r"<form[^>]*>.*?</form>", page, re.S):
            fields = []
            for match in FIELD.finditer(form):
                value = VALUE.search(match[0])
                if match[1] != "csrfmiddlewaretoken":
                    fields.append((match[1], value[1] if value else ""))
            action = re.search(r"""<form[^>]*(?:action|hx-post)=["']([^"']*)""", form)
            try:
                target = resolve(action[1].split("?")[0]).view_name if action and action[1] else name
            except Resolver404:
                target = name
            self.fields[target] = list(dict.fromkeys([*self.fields.get(target, []), *fields]))[:60]


if __name__ == "__main__":
    sys.exit(main())
