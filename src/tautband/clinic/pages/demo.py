"""One article and one comment of the demo practice."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tautband.clinic.pages import actions
from tautband.clinic.pages.models import Article, Comment, Newsletter, Subscriber
from tautband.clinic.people.models import Client, Member, Practice

TEXT = """Sore after a treatment? That is common, and usually gone within two days.

## What you can do
- Move as you like, in small helpings.
- A warm cloth for a quarter of an hour is fine if it feels good.
- Sleep as you always do.

## When to ring us
If it grows after two days, if a hand or foot gets weak or numb, or if you worry. We would rather hear from you.
"""


def make(*, practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """Write it, publish it, and let a comment wait."""
    article = actions.keep_article(by=by, title="Sore the day after", body=TEXT, at=now - timedelta(days=12))
    actions.publish(by=by, article=article, on=True, at=now - timedelta(days=12))
    actions.comment(article=article, name="A reader (invented)", text="Good to know. Is it so for the jaw as well?")


def forget(*, practice: Practice) -> None:
    """Take it away again."""
    Comment.objects.filter(article__practice=practice).delete()
    for model in (Article, Newsletter, Subscriber):
        model.objects.filter(practice=practice).delete()
