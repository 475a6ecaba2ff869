"""What is wrong with a knowledge file: where, how bad, and how to repair it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """An error fails `check`; a warning is worth a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to repair.

    code      short stable name of the rule, `broken_link`
    message   what is wrong
    cure      what to do about it
    file      path inside its folder, `muscles/shoulder/infraspinatus.yaml`
    line      first line concerned, counted from 1; 0 when the whole file is meant
    about     the id concerned, where there is one
    folder    the atlas folder or overlay the file lies in
    """

    code: str
    message: str
    cure: str
    severity: Severity = Severity.ERROR
    file: str = ""
    line: int = 0
    about: str = ""
    folder: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file or "atlas"
        return f"{where}: {self.severity} [{self.code}] {self.message} {self.cure}"

    def as_dict(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": str(self.severity),
            "message": self.message,
            "cure": self.cure,
            "file": self.file,
            "line": self.line,
            "about": self.about,
        }
