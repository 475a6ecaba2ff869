"""Plain words to ids: names, synonyms and phrases of the atlas, sides, negation, numbers, spelling variants."""

from tautband.knowledge.lexicon.reader import MAX_CHARS, Expecting, Lexicon, Reading, Understood, lexicon

__all__ = ["MAX_CHARS", "Expecting", "Lexicon", "Reading", "Understood", "lexicon"]
