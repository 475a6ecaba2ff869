"""Notes and drawings as files that stand alone: read in any browser, printed on A4, without this program."""

from collections.abc import Iterator, Sequence
from html import escape

from tautband.clinic.charts.figure import figure_svg, views_of
from tautband.clinic.charts.models import Visit
from tautband.clinic.charts.picture import marks_of
from tautband.clinic.letters.printing import signed_note_pdf
from tautband.clinic.people.models import Client
from tautband.clinic.treatments.content import document, short_hash
from tautband.clinic.treatments.models import SignedNote

TITLES = {"subjective": "Subjective", "objective": "Objective", "assessment": "Assessment", "plan": "Plan, home, next"}
MOST_PAPERS = 300
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>
body{{font:11pt/1.5 Georgia,serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#15262b}}
h1{{font-size:1.4rem}}h2{{font-size:1.1rem;margin-bottom:.2rem}}p{{margin:.2rem 0 .6rem;white-space:pre-line}}
.seal{{font-size:.8rem;color:#5b6b70;border-top:1px solid #5b6b70;margin-top:2rem;padding-top:.5rem}}
img{{max-height:14rem}}@page{{size:A4;margin:20mm}}@media print{{body{{margin:0}}}}
</style></head><body>{body}</body></html>
"""


def pages(clients: Sequence[Client]) -> Iterator[tuple[str, str]]:
    """File name and content of each drawing and each signed note of these clients."""
    for client in clients:
        for drawing in client.home_drawings.order_by("id"):
            for view in views_of(marks_of(drawing.marks)):
                name = f"drawings/{client.pk}/home-{drawing.day}-drawing-{drawing.pk}-{view}.svg"
                yield name, figure_svg(marks_of(drawing.marks), view, f"h{drawing.pk}", ink=bytes(drawing.ink))
        for visit in Visit.objects.filter(client=client).order_by("number"):
            place = f"{client.pk}/visit-{visit.number}"
            pictures = []
            for drawing in visit.drawings.order_by("id"):
                for view in views_of(marks_of(drawing.marks)):
                    name = f"drawings/{place}-drawing-{drawing.pk}-{view}.svg"
                    pictures.append(name)
                    yield name, figure_svg(marks_of(drawing.marks), view, f"d{drawing.pk}", ink=bytes(drawing.ink))
            note = SignedNote.objects.filter(visit=visit).first()
            if note:
                last = visit.drawings.first()
                shown = [p for p in pictures if last and f"-drawing-{last.pk}-" in p]
                yield f"notes/{place}.html", note_html(note, [f"../../{name}" for name in shown])


def papers(clients: Sequence[Client]) -> Iterator[tuple[str, bytes]]:
    """File name and PDF of each signed note; none where there are too many to set within a request."""
    notes = SignedNote.objects.filter(visit__client__in=[client.pk for client in clients[:MOST_PAPERS]])
    if len(clients) > MOST_PAPERS or notes.count() > MOST_PAPERS:
        return
    for note in notes.select_related("visit__client__practice").order_by("pk"):
        yield f"notes/{note.visit.client_id}/visit-{note.visit.number}.pdf", signed_note_pdf(note)


def note_html(note: SignedNote, pictures: Sequence[str] = ()) -> str:
    """A signed note with its corrections and its seal, to read and print."""
    content = document(note)
    who, visit, signed = content["client"], content["visit"], content["signed"]
    title = f"{who['name']}, visit {visit['number']}"
    parts = [f"<h1>{escape(title)}</h1><p>{escape(content['practice'])}, {escape(visit['opened_at'])}"]
    parts.append(f"{', born ' + escape(who['born']) if who['born'] else ''}</p>")
    parts += [f'<img src="{escape(name)}" alt="Pain drawing">' for name in pictures]
    if content["said"]:
        parts.append(f"<h2>In their words</h2><p>{escape(content['said'])}</p>")
    for key, lines in content["sections"].items():
        text = "\n".join(line["text"] for line in lines)
        parts.append(f"<h2>{escape(TITLES.get(key, key.capitalize()))}</h2><p>{escape(text) or 'Nothing.'}</p>")
    for row in note.addenda.all():
        when = escape(row.at.isoformat(timespec="minutes"))
        parts.append(f"<h2>Correction {row.number}, {escape(row.by_name)}, {when}</h2><p>{escape(row.text)}</p>")
    parts.append(
        f'<p class="seal">Signed by {escape(signed["name"])}, {escape(signed["at"])} (UTC). '
        f"Seal {short_hash(note.hash)}; whole: {note.hash}</p>"
    )
    return PAGE.format(title=escape(title), body="".join(parts))
