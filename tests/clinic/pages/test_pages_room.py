"""What a practice publishes: safe, moderated, honest; a newsletter only for who said yes twice."""

import re
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.errands.actions import run_due
from tautband.clinic.pages import actions, text
from tautband.clinic.pages.models import Article, ArticleVersion, Comment, Subscriber
from tautband.clinic.people.models import Member


@pytest.fixture
def article(owner: Member) -> Article:
    return actions.keep_article(by=owner, title="Sore the day after", body="Common.")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](http://elsewhere/pixel.gif)",
        '<img src=x onerror="alert(1)">',
        "[x](data:text/html,hi)",
    ],
)
def test_nothing_runs_and_nothing_is_loaded_from_elsewhere(hostile: str) -> None:
    html = text.as_html(hostile)
    assert not re.search(r"<(script|img)|href=\"(javascript|data):", html)


@pytest.mark.parametrize(
    ("words", "warned"),
    [
        ("Massage flushes toxins out of the muscle.", True),
        ("Massage does not flush toxins.", False),
        ("This treatment cures sciatica.", True),
        ("It may ease tenderness for a while.", False),
        ("Guaranteed to last.", True),
    ],
)
def test_what_must_not_be_claimed_is_named(words: str, warned: bool) -> None:
    assert bool(text.warnings(words)) is warned


def test_an_article_is_read_by_others_only_once_published(
    owner: Member, article: Article, browser_of: Callable[..., Browser]
) -> None:
    url = reverse("pages:article", args=[article.slug])
    assert Browser().get(url).status_code == 404
    browser_of(owner).post(reverse("pages:publish", args=[article.pk]), {"on": "1"})
    assert "Sore the day after" in Browser().get(url).content.decode()
    browser_of(owner).post(reverse("pages:publish", args=[article.pk]), {"on": "0"})
    assert Browser().get(url).status_code == 404


def test_a_comment_waits_until_somebody_lets_it_through(
    owner: Member, article: Article, browser_of: Callable[..., Browser]
) -> None:
    actions.publish(by=owner, article=article, on=True)
    url = reverse("pages:article", args=[article.slug])
    for _twice in range(2):
        Browser().post(url, {"name": "Ada", "text": "<b>Thanks</b>", "key": "a" * 30})
    assert "Thanks" not in Browser().get(url).content.decode()
    waiting = Comment.objects.get()
    browser_of(owner).post(reverse("pages:moderate", args=[waiting.pk]), {"show": "1"})
    assert "&lt;b&gt;Thanks" in Browser().get(url).content.decode()
    assert Browser().post(url, {"name": "Bot", "text": "x", "website": "http://spam"}).status_code == 422


def test_only_who_said_yes_twice_gets_a_newsletter_and_one_click_ends_it(
    owner: Member, browser_of: Callable[..., Browser]
) -> None:
    browser = Browser()
    said = [browser.post(reverse("pages:news"), {"email": "Ada@example.org"}).status_code for _twice in range(2)]
    assert said == [200, 200]
    run_due()
    link = re.search(r"http://testserver(/news/yes/\S+/)", mail.outbox[0].body)
    assert link is not None
    browser.get(link[1])
    assert not Subscriber.objects.filter(confirmed_at__isnull=False).exists(), "Looking is not a yes."
    browser.post(link[1])
    mail.outbox.clear()
    sender = browser_of(owner)
    number = {"subject": "Spring", "body": "We are open on Fridays.", "key": "n" * 30}
    for _twice in range(2):
        sender.post(reverse("pages:newsletter"), number)
    run_due()
    assert [message.to for message in mail.outbox] == [["ada@example.org"]]
    out = re.fullmatch(r"<http://testserver(/news/leave/\S+/)>", mail.outbox[0].extra_headers["List-Unsubscribe"])
    assert out is not None
    strict = Browser(enforce_csrf_checks=True)
    assert strict.post(out[1], {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Subscriber.objects.exists()
    assert strict.post(out[1]).status_code == 200, "A second click says the same."


@pytest.mark.parametrize("name", ["pages:confirm", "pages:leave"])
def test_a_forged_link_does_nothing(owner: Member, name: str) -> None:
    actions.ask_for_news(practice=owner.practice, email="ada@example.org")
    assert Browser().post(reverse(name, args=["MQ:forged:token"])).status_code in {200, 410}
    assert Subscriber.objects.get().confirmed_at is None


def test_a_number_with_a_claim_is_not_sent_before_a_second_look(
    owner: Member, browser_of: Callable[..., Browser]
) -> None:
    bad = {"subject": "Detox massage", "body": "It flushes toxins.", "key": "k" * 30}
    page = browser_of(owner).post(reverse("pages:newsletter"), bad)
    assert page.status_code == 422
    assert "Nothing we read supports this" in page.content.decode()


def test_two_tabs_never_overwrite_each_other(owner: Member, article: Article) -> None:
    actions.keep_article(by=owner, article=article, title="A", body="one", version=1)
    with pytest.raises(actions.ChangedMeanwhile):
        actions.keep_article(by=owner, article=article, title="B", body="two", version=1)


def test_an_article_goes_back_to_what_it_said_and_nothing_is_lost(
    owner: Member, therapist: Member, article: Article, browser_of: Callable[..., Browser]
) -> None:
    actions.keep_article(by=therapist, article=article, version=1, title=article.title, body="Common.\n\nNew.")
    browser = browser_of(owner)
    page = browser.get(reverse("pages:write", args=[article.pk])).content.decode()
    assert "Last changed by Daniel Okafor" in page
    old = reverse("pages:version", args=[article.pk, 1])
    assert old in page
    assert "<ins>New.</ins>" in browser.get(old).content.decode()
    assert browser.post(old, {"seen": "1"}).status_code == 302  # another tab had an older one on the screen
    assert Article.objects.get().version == 2
    browser.post(old, {"seen": "2"})
    said = list(ArticleVersion.objects.values_list("number", "body", "by"))
    assert said == [(3, "Common.", owner.pk), (2, "Common.\n\nNew.", therapist.pk), (1, "Common.", owner.pk)]
    assert Article.objects.get().body == "Common."
