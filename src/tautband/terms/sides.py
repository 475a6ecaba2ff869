"""Left, right, midline, bilateral: always the client's side."""

from enum import StrEnum


class Side(StrEnum):
    """The client's side. `BILATERAL` is drawn and reasoned about as both."""

    LEFT = "left"
    RIGHT = "right"
    MIDLINE = "midline"
    BILATERAL = "bilateral"

    @property
    def mirrored(self) -> "Side":
        """The side seen in a mirror; midline and bilateral stay what they are."""
        return _MIRROR[self]

    @property
    def each(self) -> tuple["Side", ...]:
        """The single sides this stands for: bilateral gives left and right, others themselves."""
        return (Side.LEFT, Side.RIGHT) if self is Side.BILATERAL else (self,)


_MIRROR = {
    Side.LEFT: Side.RIGHT,
    Side.RIGHT: Side.LEFT,
    Side.MIDLINE: Side.MIDLINE,
    Side.BILATERAL: Side.BILATERAL,
}
