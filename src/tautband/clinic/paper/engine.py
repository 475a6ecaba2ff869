"""The compiler, set up once a process."""

import json
import threading
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

CLINIC = Path(__file__).resolve().parents[1]
FONTS = Path(__file__).parent / "fonts"
STANDARD = "ua-1"

_one_at_a_time = threading.Lock()


class PaperError(Exception):
    """The page could not be set; the message is the compiler's own."""


@cache
def _compiler(template: str) -> typst.Compiler:
    return typst.Compiler(str(CLINIC / template), root=str(CLINIC), font_paths=[str(FONTS)], ignore_system_fonts=True)


def pdf(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """Set a page.

    template  path of a `.typ` file below `tautband/clinic`, such as "letters/typst/note.typ"
    data      plain values (what JSON holds); the template reads them by `json(bytes(sys.inputs.data))`. Pictures are
              SVG texts inside it.
    at        the document's own date: the same content and date give the same bytes

    Returns PDF/UA-1. Raises PaperError when the template refuses the data.
    """
    text = json.dumps(data, ensure_ascii=False)
    try:
        with _one_at_a_time:
            made: bytes = _compiler(template).compile(
                format="pdf", sys_inputs={"data": text}, pdf_standards=[STANDARD], timestamp=int(at.timestamp())
            )
    except typst.TypstError as refusal:
        raise PaperError(f"{template}: {refusal}") from refusal
    return made
