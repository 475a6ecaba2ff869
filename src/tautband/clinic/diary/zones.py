"""Which clock hangs on the wall when nobody said so: that of the computer this runs on."""

import os
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone_named(name: str) -> ZoneInfo:
    """The time zone of that name; of this computer when it is empty."""
    return ZoneInfo(name) if name else computers_zone()


@cache
def computers_zone() -> ZoneInfo:
    """The zone this computer is set to, UTC when it cannot be told by name."""
    linked = Path("/etc/localtime").resolve().as_posix().rpartition("zoneinfo/")[2]
    for name in (os.environ.get("TZ", "").lstrip(":"), linked):
        try:
            if name:
                return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")
