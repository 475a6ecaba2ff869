"""Red flags first: what still rests on unread sources where it matters most, and what can never be judged."""

from collections.abc import Iterator

from tautband.knowledge.atlas import Atlas
from tautband.knowledge.checks.at import WARNING, problem_at
from tautband.knowledge.problems import Problem
from tautband.knowledge.records import Urgency
from tautband.knowledge.walk import is_read

AT_ONCE = frozenset({Urgency.EMERGENCY, Urgency.SAME_DAY})


def urgent_rules_are_read(atlas: Atlas) -> Iterator[Problem]:
    """Emergency and same-day rules should rest on something read."""
    for flag in atlas.flags:
        for number, rule in enumerate(flag.rules):
            if rule.urgency in AT_ONCE and not is_read(flag, rule):
                message = f"The {rule.urgency} rule {number + 1} rests on no source that was read."
                cure = "Look it up first; until then it is shown as unread."
                yield problem_at(atlas, flag.id, ("rules", number), "unread_urgent_rule", message, cure, WARNING)


def flags_can_be_raised(atlas: Atlas) -> Iterator[Problem]:
    """A flag without rule, feature or field can never be raised."""
    for flag in atlas.flags:
        if not (flag.rules or flag.features or flag.field or flag.accuracy or atlas.mentioned.get(flag.id)):
            message = "Nothing leads to this flag: it has no rules, features or field, and no examination names it."
            yield problem_at(atlas, flag.id, ("id",), "flag_never_raised", message, "Add a rule or a feature.", WARNING)


def possible_accuracies(atlas: Atlas) -> Iterator[Problem]:
    """Sensitivity plus specificity below 1 means a finding that speaks against its source."""
    for exam in atlas.exams:
        for number, accuracy in enumerate(exam.accuracy):
            if accuracy.sensitivity + accuracy.specificity < 0.95:
                message = (
                    f"Sensitivity {accuracy.sensitivity} and specificity {accuracy.specificity} add up to less than 1."
                )
                cure = "Check the figures against the source; they may be swapped or of another finding."
                yield problem_at(atlas, exam.id, ("accuracy", number), "odd_accuracy", message, cure, WARNING)


RULES = (urgent_rules_are_read, flags_can_be_raised, possible_accuracies)
