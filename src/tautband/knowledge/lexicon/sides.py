"""Which side is meant: left, right, both, midline; never from "right-handed"."""

from tautband.knowledge.lexicon.tokens import Token
from tautband.terms.sides import Side

_WORDS = {
    "left": Side.LEFT,
    "lt": Side.LEFT,
    "right": Side.RIGHT,
    "rt": Side.RIGHT,
    "bilateral": Side.BILATERAL,
    "bilat": Side.BILATERAL,
    "both": Side.BILATERAL,
    "midlin": Side.MIDLINE,
    "central": Side.MIDLINE,
}
_LETTERS = {"L": Side.LEFT, "R": Side.RIGHT}
_NOT_SIDE_BEFORE = frozenset({"handed", "hander", "away", "dominant", "now"})
_OTHER = frozenset({"opposite", "contralateral", "other"})


def side_words(tokens: tuple[Token, ...]) -> dict[int, Side]:
    """Token number -> side, for each word of side."""
    found = {}
    for number, token in enumerate(tokens):
        side = _WORDS.get(token.word) or _LETTERS.get(token.raw)
        follower = tokens[number + 1].word if number + 1 < len(tokens) else ""
        if side and follower not in _NOT_SIDE_BEFORE:
            found[number] = side
    return _both(tokens, found)


def _both(tokens: tuple[Token, ...], found: dict[int, Side]) -> dict[int, Side]:
    """`left and right` means both."""
    for number in sorted(found):
        pair = {found.get(number), found.get(number + 2)}
        joined = number + 1 < len(tokens) and tokens[number + 1].word in {"and", "or"}
        if pair == {Side.LEFT, Side.RIGHT} and joined:
            found[number] = found[number + 2] = Side.BILATERAL
    return found


def side_at(tokens: tuple[Token, ...], sides: dict[int, Side], first: int, last: int) -> Side | None:
    """The side meant for what stands from token `first` to `last`: the nearest word of side before it in its clause,
    else after it in its chunk, else a side that ends the clause and so speaks of all of it ("neck and arm, right")."""
    clause = tokens[first].clause
    inside = [n for n in sides if first <= n <= last]
    if inside:
        return sides[inside[0]]
    before = [n for n in sides if n < first and tokens[n].clause == clause]
    after = [n for n in sides if n > last and tokens[n].clause == clause]
    close_after = [n for n in after if tokens[n].chunk == tokens[last].chunk]
    if close_after and (not before or tokens[before[-1]].chunk != tokens[first].chunk):
        return sides[close_after[0]]
    if before:
        return sides[before[-1]]
    closing = [n for n in after if _ends(tokens, n)]
    return sides[closing[0]] if len({sides[n] for n in closing}) == 1 else None


def _ends(tokens: tuple[Token, ...], number: int) -> bool:
    """Whether nothing of meaning follows in the clause: "the right arm" speaks of the arm, "on the right" of all."""
    rest = [t for t in tokens[number + 1 :] if t.clause == tokens[number].clause]
    return all(t.is_small for t in rest)


def turns_side(tokens: tuple[Token, ...], first: int) -> bool:
    """Whether `opposite` or `contralateral` stands right before."""
    return first > 0 and tokens[first - 1].word in _OTHER
