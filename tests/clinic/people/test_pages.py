"""Every page, as everybody: who gets in, what is said to those who do not, and what survives a mishap."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from guards import past_the_guard

from tautband.clinic.people import actions
from tautband.clinic.people.demo import create_demo_practice
from tautband.clinic.people.forms import NOTES_MAX
from tautband.clinic.people.links import password_path
from tautband.clinic.people.models import Client, Member, Practice, User

PUBLIC = {
    "account_login",
    "account_reset_password",
    "account_signup",
    "account_set_password",
    "account_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_reauthenticate",
    "account_logout",
    "theme",
    "health",
    "people:first_visit",
    "people:start_demo",
    "people:open_demo",
    "people:set_password",
    "people:switch",  # shows only who signed in at this very browser
    "mfa_authenticate",
    "mfa_login_webauthn",
    "doors:pair",  # carries its own one-time token
    "diary:public",  # anybody may book
    "diary:framed",
    "diary:prices",
    "diary:keep",
    "diary:wait",
    "diary:kept",  # these carry a signed link
    "diary:yours",
    "diary:change",
    "diary:visit_file",
    "diary:no_more",
    "diary:feed",  # carries its own token
    "portal:enter",  # the client's door
    "portal:first",
    "portal:link",
    "portal:again",
    "portal:enter_by_passkey",  # asks for the key itself
    "portal:leave",
    "directory:find",  # public while the owner has it open, see its own tests
    "directory:profile",
    "pages:articles",
    "pages:article",
    "pages:news",
    "pages:confirm",
    "pages:leave",
}
OWNER_ONLY = {
    "people:remove_demo",
    "people:change_practice",
    "people:add_therapist",
    "people:password_link",
    "people:member_active",
    "people:member",
    "people:reset_second_step",
    "people:access",
    "people:locations",
    "people:new_location",
    "people:check_record",
    "people:all_traces",
    "keeping:keeping",
    "keeping:backup",
    "keeping:head",
    "keeping:export_practice",
    "keeping:retention",
    "keeping:keep_client",
    "directory:switch",
    "directory:take_in",
    "pages:newsletter",
}
OWN_ROOMS = ("people:", "account_", "theme", "health", "gallery")


def every_url(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, set[str]]]:
    """Name and parameter names of each URL of the project."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from every_url(entry, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield prefix + entry.name, set(entry.pattern.converters)


def path_of(name: str, parameters: set[str], client: Client, member: Member) -> str | None:
    known: dict[str, Any] = {"client_id": client.pk, "member_id": member.pk, "uidb64": "MQ", "token": "set-password"}
    if not parameters <= set(known):
        return None
    try:
        return reverse(name, kwargs={parameter: known[parameter] for parameter in parameters})
    except NoReverseMatch:  # a pattern that takes parts by position, which its own room walks
        return None


ALL = sorted((name, tuple(sorted(parameters))) for name, parameters in every_url())


@pytest.mark.parametrize(("name", "parameters"), ALL)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_sees_public_pages_only(
    name: str,
    parameters: tuple[str, ...],
    method: str,
    maras_client: Client,
    owner: Member,
    browser_of: Callable[..., Browser],
) -> None:
    path = path_of(name, set(parameters), maras_client, owner)
    if path is None or name in PUBLIC:
        return
    response = getattr(browser_of(None), method)(path)
    if path.startswith("/my/"):  # a client's own page: the client's door
        if method == "post":  # nothing typed is lost
            assert (response.status_code, reverse("portal:enter") in response.content.decode()) == (403, True)
        else:
            assert (response.status_code, response["Location"]) == (302, reverse("portal:enter"))
    elif method == "get":
        assert (response.status_code, response["Location"].split("?")[0]) == (302, reverse("account_login"))
    else:
        assert response.status_code == 403
        assert "signed out" in response.content.decode()
    assert maras_client.name not in response.content.decode()


@pytest.mark.parametrize(("name", "parameters"), [entry for entry in ALL if "client_id" in entry[1]])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_colleague_learns_whose_chart_it_is_and_no_more(
    name: str,
    parameters: tuple[str, ...],
    method: str,
    maras_client: Client,
    therapist: Member,
    browser_of: Callable[..., Browser],
) -> None:
    path = path_of(name, set(parameters), maras_client, therapist)
    if path is None:
        return
    response = getattr(browser_of(therapist), method)(path)
    text = response.content.decode()
    assert response.status_code in {403, 405}
    assert maras_client.name not in text
    if response.status_code == 403 and name not in OWNER_ONLY:
        assert "This chart is Mara Quinn’s" in text


@pytest.mark.parametrize(("name", "parameters"), ALL)
def test_the_owner_gets_every_page(
    name: str, parameters: tuple[str, ...], maras_client: Client, owner: Member, browser_of: Callable[..., Browser]
) -> None:
    path = path_of(name, set(parameters), maras_client, owner)
    if path is None:
        return
    response = browser_of(owner).get(path)
    nothing_to_show = {404} if name.startswith("mfa_") else set()  # nobody has set up a second step
    assert response.status_code in {200, 204, 302, 405, 410} | nothing_to_show, path


@pytest.mark.parametrize("name", sorted(OWNER_ONLY))
def test_a_therapist_cannot_keep_the_practice(
    name: str, maras_client: Client, owner: Member, therapist: Member, browser_of: Callable[..., Browser]
) -> None:
    parameters = dict(every_url())[name]
    path = path_of(name, parameters, maras_client, owner)
    assert path is not None
    browser = browser_of(therapist)
    assert 403 in (browser.post(path).status_code, browser.get(path).status_code)


@pytest.mark.parametrize(("name", "parameters"), ALL)
def test_pages_point_nowhere_else(
    name: str, parameters: tuple[str, ...], maras_client: Client, owner: Member, browser_of: Callable[..., Browser]
) -> None:
    path = path_of(name, set(parameters), maras_client, owner)
    if path is None:
        return
    response = browser_of(owner).get(path)
    for address in re.findall(
        r"""(?:src|href|action|content|url\()=?["']?((?:https?:)?//[^"'\s)>]+)""", response.content.decode()
    ):
        assert address.startswith(("http://testserver/", "https://testserver/")), f"{path} points to {address}"
    policy = response.headers.get("Content-Security-Policy", "")
    assert "unsafe" not in policy
    assert "default-src 'self'" in policy
    assert "<script>" not in response.content.decode()
    assert not re.search(r"""\s(?:style|on\w+)=["']""", response.content.decode()), f"{path} has inline style or script"


@pytest.mark.django_db
def test_everything_leads_to_the_first_visit_before_it(browser_of: Callable[..., Browser]) -> None:
    visitor = browser_of(None)
    assert visitor.get("/")["Location"] == reverse("people:first_visit")
    assert visitor.get(reverse("people:clients"))["Location"] == reverse("people:first_visit")
    answer = visitor.post(
        reverse("people:first_visit"),
        {
            "practice_name": "Harbour Lane",
            "owner_name": "Mara Quinn",
            "login": "mara@example.org",
            "password": "a violin in the rain",
        },
    )
    assert answer["Location"] == "/"
    assert visitor.get("/").status_code == 200
    assert visitor.get(reverse("people:first_visit")).status_code == 302  # only once


@pytest.mark.django_db
def test_passwords_are_kept_with_argon2(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    actions.open_practice(practice_name="P", owner_name="M", login="mara", password="a violin in the rain")
    assert identify_hasher(User.objects.get().password).algorithm == "argon2"


@pytest.mark.parametrize("login", ["daniel@example.org", "DANIEL@example.org"])
def test_sign_in_by_mail_or_name(login: str, therapist: Member, browser_of: Callable[..., Browser]) -> None:
    visitor = browser_of(None)
    link = password_path(therapist.user)
    chosen = visitor.get(link, follow=True)
    path = chosen.redirect_chain[-1][0]
    words = {"new_password1": "forty green bottles", "new_password2": "forty green bottles"}
    assert visitor.post(path, words)["Location"] == "/"
    assert "has ended" in browser_of(None).get(link, follow=True).content.decode()  # works once
    again = browser_of(None)
    answer = again.post(reverse("account_login"), {"login": login, "password": "forty green bottles"})
    assert answer["Location"] == "/"


def test_wrong_tries_are_slowed(owner: Member, browser_of: Callable[..., Browser]) -> None:
    visitor = browser_of(None)
    texts = [
        visitor.post(reverse("account_login"), {"login": "mara", "password": f"wrong {number}"}).content.decode()
        for number in range(7)
    ]
    assert "do not belong together" in texts[0]
    assert "Too many wrong tries" in texts[-1]


def test_a_closed_account_is_out_at_once(owner: Member, therapist: Member, browser_of: Callable[..., Browser]) -> None:
    browser = browser_of(therapist)
    assert browser.get("/").status_code == 200
    actions.set_member_active(by=owner, member=therapist, active=False)
    assert browser.get("/").status_code in {302, 403}


def test_a_form_with_an_error_keeps_what_was_typed(owner: Member, browser_of: Callable[..., Browser]) -> None:
    text = "x" * (NOTES_MAX + 1)
    data = {"name": "Hanne Vik", "recorded_sex": "female", "notes": text, "key": "k"}
    response = browser_of(owner).post(reverse("people:new_client"), data)
    assert response.status_code == 422
    assert text in response.content.decode()
    assert "Nothing was cut" in response.content.decode()


def test_ten_megabytes_get_a_page_that_says_so(owner: Member, browser_of: Callable[..., Browser]) -> None:
    body = b"name=" + b"x" * 10_000_000
    for method_body, kind in ((body, "application/x-www-form-urlencoded"),):
        response = browser_of(owner).post(reverse("people:new_client"), data=method_body, content_type=kind)
        assert response.status_code == 413
        assert "2.5 MB" in response.content.decode()
    multipart = browser_of(owner).post(reverse("people:new_client"), {"name": "x" * 10_000_000})
    assert multipart.status_code == 413


def test_a_stale_form_gives_back_what_was_typed(owner: Member, browser_of: Callable[..., Browser]) -> None:
    browser = browser_of(owner, enforce_csrf_checks=True)
    data = {"name": "Luis Ferro", "notes": "hears better on the left"}
    response = browser.post(reverse("people:new_client"), data, headers={"origin": "http://testserver"})
    assert response.status_code == 403
    assert "hears better on the left" in response.content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', response.content.decode())
    assert token
    again = browser.post(
        reverse("people:new_client"),
        {**data, "recorded_sex": "male", "csrfmiddlewaretoken": token[1]},
        headers={"origin": "http://testserver"},
    )
    assert again.status_code == 302


def test_a_late_form_names_the_files_it_cannot_keep(owner: Member, browser_of: Callable[..., Browser]) -> None:
    files = [SimpleUploadedFile('gait "left".png', b"x"), SimpleUploadedFile("letter.pdf", b"y")]
    page = browser_of(None).post(reverse("people:new_client"), {"name": "Luis Ferro", "files": files})
    assert page.status_code == 403
    text = page.content.decode()
    assert "Luis Ferro" in text
    assert "Choose these again before you send: gait &quot;left&quot;.png, letter.pdf." in text
    assert 'enctype="multipart/form-data"' in text
    found = re.search(r'data-late-files="([^"]+)"', text)
    assert found is not None
    assert json.loads(unescape(found[1])) == ['gait "left".png', "letter.pdf"]


def test_a_stale_sign_in_is_not_handed_back(owner: Member, browser_of: Callable[..., Browser]) -> None:
    browser = browser_of(None, enforce_csrf_checks=True)
    data = {"login": "mara", "password": "a violin in the rain"}
    response = browser.post(reverse("account_login"), data, headers={"origin": "http://testserver"})
    assert response.status_code == 403
    assert "violin" not in response.content.decode()
    assert "Go back" in response.content.decode()


def test_a_part_of_a_page_after_sign_out(owner: Member, browser_of: Callable[..., Browser]) -> None:
    visitor = browser_of(None)
    looked = visitor.get(reverse("people:clients"), headers={"hx-request": "true"})
    assert (looked.status_code, looked["HX-Redirect"]) == (401, reverse("account_login"))
    wrote = visitor.post(reverse("people:new_client"), {"name": "x"}, headers={"hx-request": "true"})
    assert wrote.status_code == 401
    assert "HX-Redirect" not in wrote


@pytest.mark.parametrize(
    "words",
    ["\x00", "' OR 1=1 --", "%", "_", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "a " * 200],
)
def test_any_words_may_be_searched(
    words: str, owner: Member, maras_client: Client, browser_of: Callable[..., Browser]
) -> None:
    response = browser_of(owner).get(reverse("people:clients"), {"q": words, "page": "minus one"})
    assert response.status_code == 200
    assert (maras_client.name in response.content.decode()) is (words == "\x00")  # no words, no narrowing


def test_the_list_is_a_part_for_htmx_and_a_page_for_going_back(
    owner: Member, maras_client: Client, browser_of: Callable[..., Browser]
) -> None:
    browser = browser_of(owner)
    part = browser.get(reverse("people:clients"), headers={"hx-request": "true"})
    whole = browser.get(reverse("people:clients"), headers={"hx-request": "true", "hx-history-restore-request": "true"})
    assert "<html" not in part.content.decode()
    assert "<html" in whole.content.decode()


def test_a_form_from_another_site_is_offered_nothing(owner: Member, browser_of: Callable[..., Browser]) -> None:
    browser = browser_of(owner, enforce_csrf_checks=True)
    response = browser.post(
        reverse("people:new_client"), {"name": "Forged"}, headers={"origin": "https://elsewhere.example"}
    )
    assert response.status_code == 403
    assert "Forged" not in response.content.decode()


def test_a_form_sent_after_sign_out_is_kept_without_its_password(
    owner: Member, browser_of: Callable[..., Browser]
) -> None:
    visitor = browser_of(None)
    response = visitor.post(reverse("people:new_client"), {"name": "Joe Abara", "password": "secret words"})
    assert response.status_code == 403
    assert "Joe Abara" in response.content.decode()
    assert "secret words" not in response.content.decode()


def test_double_submit_by_hand(owner: Member, browser_of: Callable[..., Browser]) -> None:
    data = {"name": "Priya Raman", "recorded_sex": "female", "key": "the-form"}
    browser = browser_of(owner)
    first, second = (browser.post(reverse("people:new_client"), data)["Location"] for _ in range(2))
    assert first == second
    other = browser.post(reverse("people:new_client"), {**data, "name": "Priya R."})
    assert other.status_code == 409
    assert "already saved" in other.content.decode()
    assert "Priya R." in other.content.decode()


def test_two_tabs_show_both_versions(owner: Member, maras_client: Client, browser_of: Callable[..., Browser]) -> None:
    browser = browser_of(owner)
    path = reverse("people:edit_client", args=[maras_client.pk])
    data = {"name": "Ingrid Solheim", "recorded_sex": "female", "version": "1"}
    assert browser.post(path, {**data, "phone": "tab one", "key": "a"}).status_code == 302
    conflict = browser.post(path, {**data, "phone": "tab two", "key": "b"})
    text = conflict.content.decode()
    assert conflict.status_code == 409
    assert "tab one" in text
    assert "tab two" in text
    key = re.search(r'name="key" value="([^"]+)"', text)
    version = re.search(r'name="version" value="(\d+)"', text)
    assert key
    assert version
    kept = browser.post(path, {**data, "phone": "tab two", "key": key[1], "version": version[1]})
    assert kept.status_code == 302
    assert Client.objects.get(pk=maras_client.pk).phone == "tab two"


def test_the_owner_sees_whether_the_record_is_whole(
    owner: Member, maras_client: Client, browser_of: Callable[..., Browser]
) -> None:
    path = reverse("people:check_record")
    assert "The record is whole" in browser_of(owner).get(path).content.decode()
    with connection.cursor() as cursor:
        past_the_guard(cursor, "audit_no_update")
        cursor.execute("UPDATE audit_auditevent SET by_name = 'X' WHERE chart = %s", [maras_client.chart_key])
    text = browser_of(owner).get(path).content.decode()
    assert "The record is broken" in text
    assert f"{maras_client.chart_key}: entry 1" in text


def test_every_refusal_has_a_page(owner: Member, browser_of: Callable[..., Browser]) -> None:
    browser = browser_of(owner)
    opened = browser.get(reverse("people:remove_demo").replace("remove", "open"))
    assert (opened.status_code, opened["Allow"]) == (405, "POST")
    assert "only takes a form" in opened.content.decode()
    elsewhere = browser.get("/", headers={"host": "elsewhere.example"})
    assert elsewhere.status_code == 400
    assert "could not be read" in elsewhere.content.decode()
    missing = browser.get("/clients/not-a-client/")
    assert missing.status_code == 404
    assert "There is nothing here" in missing.content.decode()


def test_names_are_text_and_nothing_else(owner: Member, browser_of: Callable[..., Browser]) -> None:
    client = actions.create_client(by=owner, name="<script>alert(1)</script>", notes="<b>bold</b>")
    for path in ("/", reverse("people:clients"), reverse("people:client", args=[client.pk])):
        assert "<script>alert" not in browser_of(owner).get(path).content.decode()


def test_a_failure_has_a_number_and_no_trace(
    owner: Member, browser_of: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*arguments: Any, **options: Any) -> None:
        raise ZeroDivisionError("inner workings")

    monkeypatch.setattr("tautband.clinic.people.queries.search_clients", broken)
    response = browser_of(owner, raise_request_exception=False).get(reverse("people:clients"))
    text = response.content.decode()
    assert response.status_code == 500
    assert "inner workings" not in text
    assert "Traceback" not in text
    assert re.search(r"Incident <span[^>]*>[0-9A-F]{8}", text)


def test_the_theme_is_remembered_and_leads_nowhere_else(owner: Member, browser_of: Callable[..., Browser]) -> None:
    browser = browser_of(owner)
    assert browser.post(reverse("theme"), {"theme": "room", "next": "https://elsewhere.example/"})["Location"] == "/"
    assert browser.post(reverse("theme"), {"theme": "room", "next": "a:word"})["Location"] == "/"  # no path, no name
    assert 'data-theme="room"' in browser.get("/").content.decode()
    browser.post(reverse("theme"), {"theme": "nonsense"})
    assert "data-theme" not in browser.get("/").content.decode()


@pytest.mark.django_db
def test_the_demo_is_labelled_on_every_page_and_removed_with_one_click(browser_of: Callable[..., Browser]) -> None:
    visitor = browser_of(None)
    visitor.post(reverse("people:start_demo"))
    client = Client.objects.first()
    assert client is not None
    for path in ("/", "/clients/", "/settings/", "/help/", "/gallery/", f"/clients/{client.pk}/", "/nothing-here/"):
        assert "Demo practice." in visitor.get(path).content.decode(), path
    assert visitor.post(reverse("people:remove_demo"))["Location"] == reverse("people:first_visit")
    assert not Practice.objects.exists()


@pytest.mark.django_db
def test_people_added_to_the_demo_are_not_removed_unasked(browser_of: Callable[..., Browser]) -> None:
    owner = create_demo_practice()
    actions.create_client(by=owner, name="Somebody real")
    browser = browser_of(owner)
    asked = browser.post(reverse("people:remove_demo"))
    assert "added to the demo by hand" in asked.content.decode()
    assert Practice.objects.exists()
    browser.post(reverse("people:remove_demo"), {"sure": "1"})
    assert not Practice.objects.exists()


def test_a_real_practice_opens_for_nobody_without_a_password(owner: Member, browser_of: Callable[..., Browser]) -> None:
    visitor = browser_of(None)
    visitor.post(reverse("people:open_demo"))
    visitor.post(reverse("people:start_demo"))
    assert visitor.get("/").status_code == 302
