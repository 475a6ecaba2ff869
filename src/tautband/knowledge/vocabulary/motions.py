"""Joints and motions as the atlas writes them, and which motions oppose each other."""

_PAIRS = (
    ("flexion", "extension"),
    ("abduction", "adduction"),
    ("horizontal_abduction", "horizontal_adduction"),
    ("external_rotation", "internal_rotation"),
    ("elevation", "depression"),
    ("protraction", "retraction"),
    ("protrusion", "retrusion"),
    ("upward_rotation", "downward_rotation"),
    ("anterior_tilt", "posterior_tilt"),
    ("supination", "pronation"),
    ("radial_deviation", "ulnar_deviation"),
    ("dorsiflexion", "plantarflexion"),
    ("inversion", "eversion"),
    ("opening", "closing"),
    ("opposition", "reposition"),
    ("inspiration", "expiration"),
    ("nutation", "counternutation"),
    ("ipsilateral_rotation", "contralateral_rotation"),
    ("compression", "decompression"),
    ("corner_elevation", "corner_depression"),
)
# The same muscle of the other side opposes these, and so do its neighbours there.
_BOTH_WAYS = frozenset(
    {"lateral_flexion", "rotation", "lateral_deviation", "ipsilateral_rotation", "contralateral_rotation"}
)
_ALONE = frozenset(
    {
        "stabilisation",
        "support",
        "tension",
        "elongation",
        "swallowing",
        "facial_expression",
        "continence",
        "abdominal_compression",
        "tensing",
        "hike",
        "lift",
        "none_known",
    }
)
_SAME = {
    "lateral_rotation": "external_rotation",
    "medial_rotation": "internal_rotation",
    "outward_rotation": "external_rotation",
    "inward_rotation": "internal_rotation",
    "horizontal_flexion": "horizontal_adduction",
    "horizontal_extension": "horizontal_abduction",
    "side_bending": "lateral_flexion",
    "side_flexion": "lateral_flexion",
    "lateral_bending": "lateral_flexion",
    "plantar_flexion": "plantarflexion",
    "dorsal_flexion": "dorsiflexion",
    "plantarflexion_foot": "plantarflexion",
    "lateral_tilt": "lateral_flexion",
    "stabilization": "stabilisation",
    "stability": "stabilisation",
    "anterior_rotation": "anterior_tilt",
    "posterior_rotation": "posterior_tilt",
    "lateral_flexion_same_side": "lateral_flexion",
    "rotation_same_side": "ipsilateral_rotation",
    "rotation_opposite_side": "contralateral_rotation",
    "lateral_deviation_same_side": "lateral_deviation",
    "lateral_deviation_opposite_side": "lateral_deviation",
    "forced_expiration": "expiration",
}
_SAME_JOINT = {
    "glenohumeral": "shoulder",
    "scapulothoracic": "scapula",
    "shoulder_girdle": "scapula",
    "cervical_spine": "neck",
    "cervical": "neck",
    "craniocervical": "head",
    "atlanto_occipital": "head",
    "atlantooccipital": "head",
    "upper_neck": "head",
    "temporomandibular": "jaw",
    "tmj": "jaw",
    "mandible": "jaw",
    "thoracic_spine": "trunk",
    "thoracic": "trunk",
    "lumbar_spine": "trunk",
    "lumbar": "trunk",
    "spine": "trunk",
    "humeroulnar": "elbow",
    "radioulnar": "forearm",
    "talocrural": "ankle",
    "subtalar": "foot",
}

OPPOSES: dict[str, frozenset[str]] = {}
for _one, _other in _PAIRS:
    OPPOSES[_one] = OPPOSES.get(_one, frozenset()) | {_other}
    OPPOSES[_other] = OPPOSES.get(_other, frozenset()) | {_one}
for _motion in _BOTH_WAYS:
    OPPOSES[_motion] = OPPOSES.get(_motion, frozenset()) | {_motion}

MOTIONS = frozenset(OPPOSES) | _ALONE


def motion(word: str) -> str:
    """The house's word for a motion: `lateral_rotation` -> `external_rotation`."""
    return _SAME.get(word, word)


def motion_words(id: str) -> str:
    """`motion.hip.external_rotation` -> `hip external rotation`."""
    return id.removeprefix("motion.").replace(".", " ").replace("_", " ")


def joint(word: str) -> str:
    """The house's word for a joint: `glenohumeral` -> `shoulder`."""
    return _SAME_JOINT.get(word, word)


def oppose(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two (joint, motion) pairs work against each other at a shared joint."""
    same_joint = joint(one[0]) == joint(other[0]) or {joint(one[0]), joint(other[0])} <= _SPINE
    return same_joint and motion(other[1]) in OPPOSES.get(motion(one[1]), frozenset())


_SPINE = frozenset({"neck", "head"})
