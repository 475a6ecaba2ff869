"""What an alert advises now. The atlas writes advice for each urgency of a flag; only what fits this one is shown."""

import re
from collections.abc import Iterable

SAID = {"emergency": "an emergency", "same_day": "same day", "urgent_days": "within days", "routine": "routine"}
_MARK = re.compile(rf"^(?:When the alert says ({'|'.join(SAID.values())}):|\(({'|'.join(SAID.values())})\))\s*")


def meant_for(lines: Iterable[str], urgency: str) -> tuple[str, ...]:
    """The lines that hold for every urgency or for this one, without the words that say so.

    All lines as they stand when none is meant for this urgency, since silence would be worse than too much.
    """
    every = tuple(lines)
    fitting = []
    for line in every:
        mark = _MARK.match(line)
        if mark is None:
            fitting.append(line)
        elif SAID.get(urgency) in mark.groups():
            fitting.append(line[mark.end() :])
    return tuple(fitting) or every
