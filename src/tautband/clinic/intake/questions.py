"""What is asked, in which order, in whose words. Answers to atlas questions become findings; nothing is preset.

A safety question asks for an examination of the atlas in words for the sofa at home; `say` is what somebody tells the
emergency service. A factor is five words on a line, from what loads most to what loads least.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise
Kind = Literal["yesno", "text", "line", "many", "who"]

CHAPTERS: dict[str, Words] = {
    "you": _("About you"),
    "safety": _("Safety"),
    "health": _("Your health"),
    "where": _("Where it began"),
    "days": _("Days and habits"),
    "wants": _("What you want"),
    "agree": _("What you agree to"),
}
SAID = ("yes", "unsure")
"""Answers that count as a warning until somebody has looked: a safety question that is not surely "no"."""


@dataclass(frozen=True)
class Question:
    """One page.

    key       part of its address
    of        exam or factor of the atlas that the answer is about; empty where it is about none
    say       a safety answer in one sentence for whoever is called
    options   word -> small words beside it; of a line from worst to best
    after     asked only when one of these was answered with yes or not sure
    private   never shown to somebody who answers for the client
    more      what to write beside a yes
    """

    key: str
    chapter: str
    kind: Kind
    title: Words
    help: Words = ""
    why: Words = ""
    of: str = ""
    say: Words = ""
    options: tuple[tuple[str, Words, Words], ...] = ()
    after: tuple[str, ...] = ()
    private: bool = False
    more: Words = ""


def _safe(key: str, title: Words, say: Words, help: Words = "", why: Words = "", **more: Any) -> Question:
    of = more.pop("of", f"exam.{key.replace('-', '_')}")
    return Question(key, more.pop("chapter", "safety"), "yesno", title, help, why, of, say, **more)


def _line(key: str, of: str, title: Words, *grades: tuple[Words, Words]) -> Question:
    options = tuple((str(n), word, small) for n, (word, small) in enumerate(grades))
    help = _("It helps us find what brings it back. There is no right answer.")
    return Question(key, "days", "line", title, help, of=of, options=options)


HEART = _("A few rare causes of chest pain need a hospital and not hands. We would rather ask everybody.")
HEAD = _("A few rare causes of headache need a hospital and not hands. We would rather ask everybody.")
NERVES = _("Nerves low in the back can be pressed so that hours count. It is rare, and we ask everybody.")
ALONE = _("We ask everybody. Only those who treat you read the answer.")

QUESTIONS: tuple[Question, ...] = (
    Question(
        "who",
        "you",
        "who",
        _("Who answers these questions?"),
        _("For a child, a parent or guardian answers. You can stop at any time; we keep what you have done."),
        options=(
            ("self", _("I answer for myself"), ""),
            ("guardian", _("I am the parent or guardian"), ""),
            ("proxy", _("I help somebody who asked me to"), ""),
        ),
        more=_("Your name, if you answer for somebody else"),
    ),
    _safe(
        "chest-pressure",
        _("In the last days, have you felt pressure or tightness in your chest?"),
        _("Pressure in the chest."),
        why=HEART,
    ),
    _safe(
        "sweating",
        _("Did you break into a sweat with it?"),
        _("It came with sweating."),
        why=HEART,
        after=("chest-pressure",),
    ),
    _safe(
        "both-arms",
        _("Does it go into both arms, or into the right arm?"),
        _("It goes into the arms."),
        why=HEART,
        of="exam.both_arms_radiation",
        after=("chest-pressure",),
    ),
    _safe(
        "tearing-pain",
        _("Has a tearing pain in chest or back come all at once, worst from the start?"),
        _("A sudden tearing pain in chest or back."),
        why=HEART,
    ),
    _safe(
        "breathless",
        _("Are you newly short of breath, at rest or with little effort?"),
        _("Short of breath, and that is new."),
        why=_("A clot or the heart can make breath short. Both need a doctor first."),
    ),
    _safe(
        "worse-deep-breath",
        _("Does a deep breath hurt?"),
        _("A deep breath hurts."),
        after=("breathless",),
    ),
    _safe(
        "immobilised",
        _("In the last three months: in bed for days, a long flight, a cast, or an operation?"),
        _("I was laid up, flew far or was operated in the last three months."),
        after=("breathless",),
    ),
    _safe(
        "previous-clot",
        _("Have you ever had a clot in a leg or a lung?"),
        _("I have had a clot before."),
        after=("breathless",),
    ),
    _safe(
        "thunderclap",
        _("Has a headache come on like a clap, at its worst within a minute?"),
        _("A sudden headache, at its worst within a minute."),
        _("All at once, the worst you have known."),
        HEAD,
        of="exam.thunderclap_headache",
    ),
    _safe(
        "slurred-speech",
        _("Is your speech slurred, or do words come out wrong?"),
        _("My speech is slurred."),
        _("New, in these days."),
        HEAD,
    ),
    _safe(
        "visual-loss",
        _("Have you lost sight in an eye, even for a short time?"),
        _("I lost sight in an eye."),
        why=HEAD,
    ),
    _safe(
        "head-injury",
        _("Have you hit your head in the last weeks?"),
        _("I hit my head in the last weeks."),
        why=HEAD,
        of="exam.head_injury_recent",
    ),
    _safe(
        "confusion",
        _("Has anyone found you confused or unusually drowsy?"),
        _("Confused or very drowsy."),
        why=HEAD,
        after=("head-injury", "fever"),
    ),
    _safe(
        "saddle-numbness",
        _("Is there numbness between your legs, or when you wipe?"),
        _("Numb between the legs."),
        why=NERVES,
    ),
    _safe(
        "bladder-change",
        _("Is it newly hard to start, to hold or to feel your bladder?"),
        _("My bladder has changed."),
        why=NERVES,
    ),
    _safe(
        "belly-full",
        _("Have you passed no water for hours, with a full, painful lower belly?"),
        _("I cannot pass water, and my lower belly hurts."),
        why=NERVES,
        of="exam.lower_belly_full",
        after=("bladder-change",),
    ),
    _safe(
        "bowel-change",
        _("Have you newly lost control or feeling of the bowel?"),
        _("I have lost control of the bowel."),
        why=NERVES,
        after=("bladder-change", "saddle-numbness"),
    ),
    _safe(
        "both-legs",
        _("Does the pain go down both legs?"),
        _("The pain goes down both legs."),
        why=NERVES,
        of="exam.bilateral_leg_pain",
        after=("bladder-change", "saddle-numbness"),
    ),
    _safe(
        "ascending-numbness",
        _("Do tingling and weakness climb up from your feet, day by day?"),
        _("Weakness climbs up from the feet, day by day."),
        why=NERVES,
    ),
    _safe("fever", _("Have you a fever, or shivering fits?"), _("Fever and shivering.")),
    _safe(
        "stiff-neck",
        _("Is your neck so stiff that the chin does not come to the chest?"),
        _("A stiff neck with the fever."),
        of="exam.stiff_neck_fever",
        after=("fever",),
    ),
    _safe(
        "purple-rash",
        _("Are there spots that do not fade when you press a glass on them?"),
        _("Spots that do not fade."),
        after=("fever",),
    ),
    _safe("dark-urine", _("Is your urine brown, like cola?"), _("Brown urine.")),
    _safe("jaundice", _("Are your eyes or your skin yellow?"), _("Yellow eyes or skin.")),
    _safe(
        "worth-living",
        _("Pain can make life feel not worth living. Have you had such thoughts?"),
        _("I have thoughts of not living any more."),
        why=ALONE,
        of="exam.suicidal_thoughts",
        private=True,
    ),
    _safe(
        "hurt-by-anyone",
        _("Is anyone hurting or frightening you?"),
        _("Somebody is hurting me."),
        why=ALONE,
        of="exam.abuse_disclosure",
        private=True,
    ),
    Question(
        "medicines",
        "health",
        "text",
        _("Which medicines do you take?"),
        _("With and without prescription. A picture of the box helps too: bring it."),
    ),
    _safe(
        "anticoagulants",
        _("Do you take blood thinners, or bruise easily?"),
        _("I take blood thinners."),
        chapter="health",
        more=_("Which one?"),
    ),
    Question("allergies", "health", "text", _("Any allergies?"), _("Oils, nuts, plasters, medicines.")),
    Question("surgery", "health", "text", _("Any operations or serious injuries?"), _("What, and about when.")),
    _safe(
        "cancer", _("Have you ever had cancer?"), _("I have had cancer."), chapter="health", of="exam.cancer_history"
    ),
    _safe(
        "thoracic-band",
        _("Is there a tight band round your chest or belly?"),
        _("A tight band round the chest or belly."),
        chapter="health",
        after=("cancer",),
    ),
    _safe("diabetes", _("Do you have diabetes?"), _("I have diabetes."), chapter="health"),
    _safe(
        "heart",
        _("Have you had a heart attack, a stent or a stroke?"),
        _("I have had heart trouble or a stroke."),
        chapter="health",
        of="exam.heart_disease",
    ),
    _safe("fragile-bone", _("Have you been told that your bones are thin?"), _("My bones are thin."), chapter="health"),
    _safe("pregnancy", _("Are you pregnant, or could you be?"), _("I am or may be pregnant."), chapter="health"),
    Question("other-health", "health", "text", _("Any other illness we should know of?")),
    Question(
        "began",
        "where",
        "text",
        _("Where did it begin, and when?"),
        _("In your own words. What were you doing? What has changed since?"),
    ),
    Question("makes-worse", "where", "text", _("What makes it worse, and what eases it?")),
    _line(
        "sleep",
        "factor.sleep_short",
        _("How have you slept, these two weeks?"),
        (_("Badly"), _("awake most nights")),
        (_("Broken"), _("up more than once, tired by noon")),
        (_("So-so"), _("some good, some bad")),
        (_("Well enough"), _("mostly rested")),
        (_("Well"), _("rested in the morning")),
    ),
    _line(
        "stress",
        "factor.stress_load",
        _("How much pressure have you been under?"),
        (_("Too much"), _("it does not let go, day or night")),
        (_("A lot"), _("most days are hard")),
        (_("Some"), _("hard days and easy ones")),
        (_("Little"), _("now and then")),
        (_("Hardly any"), _("calm days")),
    ),
    _line(
        "drinking",
        "factor.low_fluid",
        _("How much do you drink on a usual day?"),
        (_("Very little"), _("a glass or two")),
        (_("Little"), _("less than a litre")),
        (_("Some"), _("about a litre")),
        (_("Enough"), _("about a litre and a half")),
        (_("Plenty"), _("two litres or more")),
    ),
    _line(
        "eating",
        "factor.low_nutrients",
        _("How do you eat, and do you get out into the light?"),
        (_("A lack was found"), _("by a blood test")),
        (_("Very restricted"), _("many things left out, little light")),
        (_("Uneven"), _("some days little")),
        (_("Well enough"), _("most things, most days")),
        (_("Well"), _("varied, and often outdoors")),
    ),
    _line(
        "breathing",
        "factor.mouth_breathing",
        _("How do you breathe when nothing is going on?"),
        (_("By mouth, day and night"), _("dry mouth all day")),
        (_("Often by mouth"), _("dry mouth in the morning")),
        (_("Now one, now the other"), _("I have not noticed")),
        (_("Mostly by nose"), _("by mouth with a cold")),
        (_("By nose"), _("quiet and slow")),
    ),
    _line(
        "sitting",
        "factor.desk_work",
        _("How much of the day do you sit at a desk or screen?"),
        (_("All of it"), _("over six hours, few breaks")),
        (_("Most of it"), _("four to six hours")),
        (_("Half"), _("about three hours")),
        (_("A little"), _("an hour or two")),
        (_("Hardly"), _("on my feet")),
    ),
    _line(
        "lifting",
        "factor.heavy_lifting",
        _("How often do you lift or carry heavy things?"),
        (_("All day"), _("many times an hour")),
        (_("Every day"), _("several times")),
        (_("Some days"), _("when it comes up")),
        (_("Seldom"), _("shopping, a child")),
        (_("Hardly ever"), _("nothing heavy")),
    ),
    _line(
        "moving",
        "factor.inactivity",
        _("On how many days a week do you move so that you get warm?"),
        (_("None"), _("not in a usual week")),
        (_("One"), _("if it fits")),
        (_("Two or three"), _("a walk, a class")),
        (_("Four or five"), _("it is a habit")),
        (_("Nearly every day"), _("I miss it when I cannot")),
    ),
    Question(
        "goals",
        "wants",
        "text",
        _("What do you want to be able to do again?"),
        _("One or two things that matter to you: two movements without dropping the bow, a night’s sleep."),
    ),
    Question(
        "techniques",
        "agree",
        "many",
        _("We treat muscles by hand. Is there anything you do not want?"),
        _("Choose what we should leave out. Nothing chosen means that we ask you before each new thing."),
        options=(
            ("deep", _("No deep pressure"), ""),
            ("stretch", _("No stretching"), ""),
            ("cold", _("No cold spray or ice"), ""),
            ("heat", _("No heat"), ""),
            ("needles", _("No needles"), ""),
            ("oil", _("No oil or cream"), ""),
        ),
        more=_("Anything else"),
    ),
    Question(
        "areas",
        "agree",
        "many",
        _("Is there a part of you that we should not touch?"),
        _("We leave it out of every plan until you tell us otherwise."),
        options=(
            ("head_jaw", _("Head and face"), ""),
            ("neck", _("Neck"), ""),
            ("thorax", _("Chest and ribs"), ""),
            ("abdomen", _("Belly"), ""),
            ("pelvis", _("Pelvis and groin"), ""),
            ("hip_buttock", _("Hips and buttocks"), ""),
            ("thigh", _("Thighs"), ""),
            ("ankle_foot", _("Feet"), ""),
        ),
        more=_("Anything else, or why, if you want to say"),
    ),
    Question(
        "draping",
        "agree",
        "many",
        _("You are covered; only the part we work on is bare."),
        _("Tell us what makes it easier."),
        options=(
            ("dressed", _("I keep my clothes on"), ""),
            ("chaperone", _("I want somebody with me"), ""),
            ("woman", _("I want to be treated by a woman"), ""),
            ("man", _("I want to be treated by a man"), ""),
        ),
        more=_("Anything else"),
    ),
    Question(
        "stop",
        "agree",
        "many",
        _("You can stop at any time, without a reason."),
        _("Say stop or lift a hand, and the hands go off at once. We ask again before any new or sensitive part."),
        options=(("read", _("I have read this"), ""), ("talk", _("I want to talk about it first"), "")),
    ),
)
BY_KEY: Mapping[str, Question] = {question.key: question for question in QUESTIONS}
RELIGHT_DAYS: Mapping[str, int] = {"safety": 28, "days": 42, "wants": 90, "health": 180, "agree": 180}
"""After how many days a chapter is asked again, so that what is a year old is not taken for today. Convention."""
AGAIN_DAYS: Mapping[str, int] = {
    **{"sleep": 28, "stress": 28, "moving": 42},
    **{"drinking": 84, "eating": 84, "breathing": 84, "sitting": 84, "lifting": 84},
}
"""The same for single factors: what moves from week to week is asked sooner than what seldom changes. Convention."""


def again_days(question: Question) -> int:
    """After how many days this question is asked again."""
    return AGAIN_DAYS.get(question.key, RELIGHT_DAYS.get(question.chapter, 180))


def is_warning(answer: Any) -> bool:
    """True for an answer that must not be taken for "no"."""
    return isinstance(answer, Mapping) and answer.get("is") in SAID
