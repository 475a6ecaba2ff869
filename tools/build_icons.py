"""Build the icon sprite from an unpacked `lucide-static` package (npm).

    python tools/build_icons.py path/to/lucide-static/package

Writes `src/tautband/clinic/project/static/icons/lucide.svg` and the licence beside it. To use a new icon, add its
Lucide name to `NAMES` and run this again.
"""

import re
import shutil
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/tautband/clinic/project/static/icons"
# fmt: off
NAMES = (
    "activity", "archive", "arrow-left", "book-open", "calendar", "calendar-plus", "check", "chevron-down",
    "chevron-left", "chevron-right", "circle", "circle-check", "circle-dashed", "circle-question-mark", "circle-x",
    "clipboard-list", "clock", "clock-alert", "cloud-off", "copy", "download", "eraser", "external-link", "eye",
    "eye-off", "file-text", "flask-conical", "flip-horizontal-2", "hand", "hard-drive", "history", "house",
    "info", "key-round", "layers", "link", "list", "lock", "lock-open", "log-out", "message-circle", "mic", "mic-off",
    "minus", "monitor", "moon", "notebook-pen", "octagon-alert", "paintbrush", "pause", "pencil", "phone", "play",
    "plus", "printer", "redo-2", "refresh-cw", "rotate-3d", "rotate-ccw", "rotate-cw", "search", "settings", "share-2",
    "shield", "stethoscope", "sticky-note", "sun", "sunset", "trash-2", "triangle-alert", "undo-2", "user",
    "user-plus", "users", "x",
)
# fmt: on


def symbol(name: str, svg: str) -> str:
    """One icon as a `<symbol>`; stroke and colour come from the page, so themes reach it."""
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    if drawing is None:
        raise ValueError(f"{name}.svg holds no <svg> element.")
    inside = re.sub(r"\s+", " ", drawing[1]).strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>'


def main(package: Path) -> None:
    """Write the sprite and copy the licence."""
    symbols = [symbol(name, (package / "icons" / f"{name}.svg").read_text()) for name in NAMES]
    head = '<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide, ISC; see LICENSE-lucide.txt -->'
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "lucide.svg").write_text(head + "\n" + "\n".join(symbols) + "\n</svg>\n")
    shutil.copy(package / "LICENSE", TARGET / "LICENSE-lucide.txt")
    print(f"{len(symbols)} icons, {(TARGET / 'lucide.svg').stat().st_size} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
