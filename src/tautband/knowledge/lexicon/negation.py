"""What is denied: `no cough, dyspnoea or weight loss`, `fever absent`; a clause ends the reach of a negation."""

from tautband.knowledge.lexicon.tokens import Token
from tautband.knowledge.lexicon.vocabulary import Tokens, word_lists

# After a comma these begin something that is there: "no injury, worse at night", "no pain, numb fingers".
_BEGINS_ANEW = frozenset(
    {"worse", "worst", "eased", "better", "relieved", "with", "has", "had", "since", "mild", "severe"}
)
_BEGINS_ANEW |= {"sudden", "now", "onset", "numb", "weak", "painful", "stiff", "tender", "positive", "constant"}
_TURNS = frozenset({"that", "which", "who"})  # "without injury that felt the same"
REACH = 14


def denied(tokens: tuple[Token, ...]) -> dict[int, int]:
    """Token number -> number of the negator that denies it."""
    found: dict[int, int] = {}
    for number in range(len(tokens)):
        length = _starts(tokens, number, word_lists().negators)
        if length:
            for reached in _forward(tokens, number + length):
                found.setdefault(reached, number)
        length = _starts(tokens, number, word_lists().after_negators)
        if length and not _governs(tokens, number + length):
            whole = _excludes(tokens, number)
            for reached in _backward(tokens, number, whole):
                found.setdefault(reached, number)
    return found


def negator_at(tokens: tuple[Token, ...], number: int) -> bool:
    """Whether a negator begins here."""
    lists = word_lists()
    return bool(_starts(tokens, number, lists.negators) or _starts(tokens, number, lists.after_negators))


def _starts(tokens: tuple[Token, ...], number: int, runs: dict[str, tuple[Tokens, ...]]) -> int:
    """The length of the run that starts here, 0 for none."""
    for run in runs.get(tokens[number].word, ()):
        if tuple(t.word for t in tokens[number : number + len(run)]) == run:
            return len(run)
    return 0


def _governs(tokens: tuple[Token, ...], after: int) -> bool:
    """`negative for` and `none of` look forward, not back."""
    return after < len(tokens) and tokens[after].word in {"for", "of"}


def _forward(tokens: tuple[Token, ...], start: int) -> list[int]:
    reached: list[int] = []
    for number in range(start, min(len(tokens), start + REACH)):
        token, before = tokens[number], tokens[number - 1]
        if token.clause != tokens[start - 1].clause:
            break
        new_chunk = token.chunk != before.chunk and token.word not in {"and", "or", "nor"}
        if reached and (token.word in _TURNS or (new_chunk and _begins_anew(tokens, number))):
            break
        reached.append(number)
    return reached


def _begins_anew(tokens: tuple[Token, ...], number: int) -> bool:
    """`pain` goes on with the list only where an `or` follows: "no numbness, pain or weakness"."""
    token = tokens[number]
    if token.raw.lower() == "pain":
        return not any(t.word in {"or", "nor"} and t.clause == token.clause for t in tokens[number:])
    return token.raw.lower() in _BEGINS_ANEW


def _excludes(tokens: tuple[Token, ...], number: int) -> bool:
    """`fracture, neuropathy and infection were excluded` speaks of the whole list."""
    return tokens[number].raw.lower() in {"excluded", "ruled"}


def _backward(tokens: tuple[Token, ...], number: int, whole_clause: bool) -> list[int]:
    """The chunk right before, `Spurling negative, Tinel positive`, or the whole clause."""
    reached: list[int] = []
    for back in range(number - 1, -1, -1):
        if tokens[back].clause != tokens[number].clause:
            break
        if not whole_clause and (
            tokens[back].chunk < tokens[number].chunk - 1 or (tokens[back].chunk != tokens[number].chunk and reached)
        ):
            break
        reached.append(back)
    return reached
