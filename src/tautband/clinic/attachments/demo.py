"""Two invented attachments for the demo: a drawn posture picture and a letter, both plainly labelled."""

import io
from collections.abc import Mapping
from datetime import datetime, timedelta

from PIL import Image, ImageDraw

from tautband.clinic.attachments import actions, store
from tautband.clinic.attachments.models import Attachment
from tautband.clinic.attachments.taking import take
from tautband.clinic.people.models import Client, Member, Practice


def make(practice: Practice, clients: Mapping[str, Client], by: Member, now: datetime) -> None:
    """A posture picture and a letter for the first client."""
    client = clients.get("ingrid")
    if client is None:
        return
    visit = client.visits.order_by("number").first()
    then = visit.opened_at if visit else now - timedelta(days=19)
    posture = take(_picture())
    actions.attach(by=by, client=client, visit=visit, taken=posture, title="Standing, from behind (drawn)", at=then)
    actions.attach(by=by, client=client, taken=take(_letter()), title="Letter of the family doctor (invented)", at=then)


def forget(practice: Practice) -> None:
    """Delete the sealed files of the demo clients; their rows go with the clients."""
    for key in Attachment.objects.filter(client__practice=practice, client__demo=True).values_list("pk", flat=True):
        store.erase(key)


def _picture() -> bytes:
    """A figure before a grid with a plumb line: the right shoulder lower, the trunk shifted to the right."""
    picture = Image.new("RGB", (600, 900), "#eef1ee")
    pen = ImageDraw.Draw(picture)
    for place in range(0, 900, 50):
        pen.line((0, place, 600, place), fill="#d5dcd7")
        pen.line((place, 0, place, 900), fill="#d5dcd7")
    pen.line((300, 40, 300, 870), fill="#b3303a", width=2)
    ink = "#5b6b70"
    pen.ellipse((262, 70, 352, 185), outline=ink, width=5)
    pen.line(((305, 185), (312, 300), (300, 480)), fill=ink, width=5)
    pen.line(((190, 232), (306, 240), (424, 262)), fill=ink, width=5)
    pen.line(((190, 232), (172, 360), (178, 480)), fill=ink, width=5)
    pen.line(((424, 262), (446, 390), (440, 510)), fill=ink, width=5)
    pen.line(((238, 484), (366, 478)), fill=ink, width=5)
    pen.line(((250, 484), (256, 660), (252, 850)), fill=ink, width=5)
    pen.line(((354, 478), (350, 660), (352, 850)), fill=ink, width=5)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


LETTER = """#set document(title: "Letter (invented)")
#set page(paper: "a4", margin: 25mm)
#set text(lang: "en")
= Letter (invented, for the demo)
To the practice

Thank you for seeing Ms Solheim, a violinist. Pain of the right shoulder since the autumn. No injury. The plain
radiograph of the shoulder is without findings. Please treat within your field and write back if it does not settle.

With kind regards, Dr A. Nobody
"""


def _letter() -> bytes:
    import typst

    return bytes(typst.compile(LETTER.encode(), format="pdf"))
