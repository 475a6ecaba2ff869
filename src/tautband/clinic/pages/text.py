"""Markdown of an article as a page shows it, and what of it must not be claimed."""

from difflib import ndiff

from markdown_it import MarkdownIt

from tautband.knowledge.checks.claims import claims_in

_markdown = MarkdownIt("commonmark", {"html": False}).disable("image")


def as_html(text: str) -> str:
    """Safe HTML: raw HTML is shown as text, pictures from elsewhere are left out, odd links stay words."""
    return str(_markdown.render(text))


def warnings(text: str) -> list[tuple[str, str]]:
    """Words that nothing we read supports, each with what may be said instead."""
    return list(claims_in(text))


def changes(old: str, new: str) -> list[tuple[str, str]]:
    """The lines that differ between two versions: ('gone' or 'new', line), in order."""
    names = {"- ": "gone", "+ ": "new"}
    lines = ndiff(old.splitlines(), new.splitlines())
    return [(names[line[:2]], line[2:]) for line in lines if line[:2] in names and line[2:].strip()]
