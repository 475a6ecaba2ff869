"""Muscles with their trigger points, nerves, entrapment sites, roots, joints and other tissue. One side is written."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from tautband.knowledge.records.common import Commonness, Fact, FieldPart, Form, Id, Ids, Record, Words
from tautband.knowledge.records.pose import Position

Region = Literal[
    "head_jaw",
    "neck",
    "shoulder",
    "arm_elbow",
    "forearm_hand",
    "thorax",
    "upper_back",
    "low_back",
    "abdomen",
    "pelvis",
    "hip_buttock",
    "thigh",
    "knee",
    "leg",
    "ankle_foot",
]


class Said(Fact):
    """A sentence of knowledge in our own words."""

    text: str


class Attachment(Fact):
    """Origin and insertion of a muscle or of one of its parts."""

    part: str = ""
    origin: str
    insertion: str


class Action(Fact):
    """What a muscle does at a joint, joint and direction apart: `hip`, `extension`."""

    joint: str
    motion: str
    part: str = ""


class NerveSupply(Fact):
    """A nerve that supplies the muscle and the roots it comes from; `variation` when only some people have it."""

    nerve: Id | None = None
    name: str = ""
    roots: Ids = ()
    part: str = ""
    variation: bool = False


class Common(Fact):
    """How often this is met in a massage or physiotherapy clinic."""

    word: Commonness


class Palpation(Fact):
    """How to find it with the hand: position of the client, grip, landmarks."""

    position: str
    grip: Literal["flat", "pincer", "deep", "intraoral", "internal"]
    how: str


class Link(Fact):
    """A link to another thing of the atlas."""

    to: Id


class Stretch(Fact):
    """A published stretch or release position, in words a therapist can follow.

    pose   one example of it, for a picture of the right side; its angles are ours, the words are the source's
    """

    position: str
    pose: Position | None = None


class TriggerPoint(Form):
    """A place in a muscle where points are met, and the field it refers to."""

    id: Id
    part: str = ""
    place: str
    landmark: str
    commonness: Common | None = None
    refers_to: tuple[FieldPart, ...] = Field(min_length=1)
    note: str = ""


class SingleMuscle(Form):
    """A muscle with its own nerve or action that is described together with its neighbours (rectus capitis posterior
    minor within the suboccipitals). `points` are those of the file that lie in it; left out, sources do not tell them
    apart and all count."""

    name: str
    la: str = ""
    synonyms: Words = ()
    points: Ids = ()
    attachments: tuple[Attachment, ...] = ()
    actions: tuple[Action, ...] = Field(min_length=1)
    nerve_supply: tuple[NerveSupply, ...] = Field(min_length=1)


class Muscle(Record):
    """A muscle. `targets` are its ids in the shared case vocabulary."""

    region: Region
    targets: Words = ()
    attachments: tuple[Attachment, ...] = Field(min_length=1)
    actions: tuple[Action, ...] = Field(min_length=1)
    nerve_supply: tuple[NerveSupply, ...] = Field(min_length=1)
    singles: tuple[SingleMuscle, ...] = ()
    synergists: Ids = ()
    antagonists: Ids = ()
    palpation: tuple[Palpation, ...] = ()
    length_test: tuple[Said, ...] = ()
    strength_test: tuple[Said, ...] = ()
    trigger_points: tuple[TriggerPoint, ...] = ()
    commonness: Common | None = None
    symptoms: tuple[Said, ...] = ()
    activated_by: tuple[Said, ...] = ()
    perpetuated_by: tuple[Said, ...] = ()
    satellites: tuple[Link, ...] = ()
    entraps: tuple[Link, ...] = ()
    endangers: tuple[Said, ...] = ()
    stretch: tuple[Stretch, ...] = ()
    ease: tuple[Stretch, ...] = ()
    self_care: tuple[Said, ...] = ()


class Nerve(Record):
    """A peripheral nerve: its roots, course, skin field and muscles."""

    region: Region
    roots: tuple[NerveSupply, ...] = Field(min_length=1)
    course: tuple[Said, ...] = ()
    field: tuple[FieldPart, ...] = ()
    muscles: Ids = ()


class PressedBy(StrEnum):
    """Entrapment by soft tissue is treated by hand; compression by bone or disc is recognised and referred."""

    SOFT_TISSUE = "soft_tissue"
    BONE_OR_DISC = "bone_or_disc"


class Presser(Fact):
    """The structure that presses the nerve here."""

    by_what: PressedBy
    structure: str
    muscle: Id | None = None


class Entrapment(Record):
    """A place where a nerve is pressed: by what, what is felt, what weakens, what provokes, what looks alike."""

    region: Region
    targets: Words = ()
    nerve: Id
    roots: Ids = ()
    site: str
    landmark: str = ""
    pressed_by: tuple[Presser, ...] = Field(min_length=1)
    field: tuple[FieldPart, ...] = Field(min_length=1)
    field_feels: tuple[Literal["pain", "numbness", "tingling", "burning"], ...] = (
        "pain",
        "numbness",
        "tingling",
    )
    weak: tuple[Said, ...] = ()
    weak_muscles: Ids = ()
    tests: Ids = ()
    rivals: tuple[Link, ...] = ()
    commonness: Common | None = None
    symptoms: tuple[Said, ...] = ()


class Root(Record):
    """A spinal root: dermatome, sensory key point, myotome, reflex. Pain need not keep to the dermatome."""

    level: str
    region: Region
    targets: Words = ()
    key_point: tuple[Said, ...] = ()
    dermatome: tuple[FieldPart, ...] = Field(min_length=1)
    pain_field: tuple[FieldPart, ...] = ()
    myotome: tuple[Action, ...] = ()
    weak_muscles: Ids = ()
    reflex: tuple[Said, ...] = ()
    rivals: tuple[Link, ...] = ()
    commonness: Common | None = None
    symptoms: tuple[Said, ...] = ()


class Joint(Record):
    """A joint (facets by level) as a source of pain and the field it refers to."""

    region: Region
    targets: Words = ()
    field: tuple[FieldPart, ...] = Field(min_length=1)
    commonness: Common | None = None
    symptoms: tuple[Said, ...] = ()
    rivals: tuple[Link, ...] = ()
    side: Literal["paired", "midline"] = "paired"


class Tissue(Record):
    """Tendon, bursa, fascia, disc, ligament, bone, vessel or general disorder as a source of pain."""

    region: Region
    sort: Literal["tendon", "bursa", "fascia", "disc", "ligament", "bone", "capsule", "organ", "vessel", "general"]
    targets: Words = ()
    field: tuple[FieldPart, ...] = ()
    commonness: Common | None = None
    symptoms: tuple[Said, ...] = ()
    rivals: tuple[Link, ...] = ()
    side: Literal["paired", "midline"] = "paired"
