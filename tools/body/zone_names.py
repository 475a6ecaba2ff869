"""Names of the chart zones and the reasoning zones they belong to. The rule that places them is in zone_rules.py."""

from typing import NamedTuple


class Name(NamedTuple):
    """Words for one zone: what a client reads, what a therapist says, and the reasoning zone it joins."""

    plain: str
    clinical: str
    area: str


MIDLINE: dict[str, Name] = {
    "head.forehead_mid": Name("middle of the forehead", "midline frontal region", "head.face_mid"),
    "head.nose": Name("nose", "nasal region", "head.face_mid"),
    "head.mouth": Name("mouth and lips", "oral region", "head.mouth_chin"),
    "head.chin": Name("chin", "mental region", "head.mouth_chin"),
    "head.under_jaw": Name("under the chin", "submental region", "head.mouth_chin"),
    "head.crown_front_mid": Name(
        "top of the head, middle, front half", "midline scalp anterior to vertex", "head.crown_mid"
    ),
    "head.crown_back_mid": Name(
        "top of the head, middle, back half", "midline scalp posterior to vertex", "head.crown_mid"
    ),
    "head.occiput_mid": Name("middle of the back of the head", "midline occipital region", "head.occiput_mid"),
    "neck.throat_upper": Name("throat, upper half", "anterior midline neck, upper", "neck.throat"),
    "neck.throat_lower": Name("throat, lower half", "anterior midline neck, lower", "neck.throat"),
    "neck.back_mid_upper": Name(
        "middle of the back of the neck, upper half", "posterior midline neck, C1-C4", "neck.back_mid"
    ),
    "neck.back_mid_lower": Name(
        "middle of the back of the neck, lower half", "posterior midline neck, C4-C7", "neck.back_mid"
    ),
    "back.c7_t1_mid": Name("base of the neck, over the spine", "midline, C7-T1", "back.upper_mid"),
    "back.t2_t3_mid": Name("upper back, over the spine", "midline, T2-T3", "back.upper_mid"),
    "back.t4_t5_mid": Name("between the shoulder blades, over the spine", "midline, T4-T5", "back.upper_mid"),
    "back.t6_t7_mid": Name("level of the shoulder blade tips, over the spine", "midline, T6-T7", "back.middle_mid"),
    "back.t8_t9_mid": Name("middle back, over the spine", "midline, T8-T9", "back.middle_mid"),
    "back.t10_t11_mid": Name("lower middle back, over the spine", "midline, T10-T11", "back.middle_mid"),
    "back.t12_l1_mid": Name("end of the ribs, over the spine", "midline, T12-L1", "back.low_mid"),
    "back.l2_l3_mid": Name("middle low back, over the spine", "midline, L2-L3", "back.low_mid"),
    "back.l4_l5_mid": Name("lowest low back, over the spine", "midline, L4-L5", "back.low_mid"),
    "pelvis.sacrum_mid": Name("sacrum, the flat bone below the low back", "midline sacrum, S1-S3", "pelvis.sacrum_mid"),
    "pelvis.coccyx": Name("tailbone", "coccyx and intergluteal cleft", "pelvis.sacrum_mid"),
    "chest.upper_mid": Name("upper breastbone", "manubrium", "chest.mid"),
    "chest.mid_mid": Name("middle of the breastbone", "body of the sternum, upper", "chest.mid"),
    "chest.lower_mid": Name("lower breastbone", "body of the sternum, lower", "chest.mid"),
    "chest.base_mid": Name("pit of the stomach", "xiphoid region", "belly.upper_mid"),
    "belly.upper_mid": Name("upper belly, middle", "epigastric region", "belly.upper_mid"),
    "belly.navel_mid": Name("around the navel", "umbilical region", "belly.lower_mid"),
    "belly.lower_mid": Name("lower belly, middle", "hypogastric region", "belly.lower_mid"),
    "belly.suprapubic_mid": Name("just above the pubic bone, middle", "suprapubic region", "belly.lower_mid"),
    "pelvis.pubic": Name("pubic bone and genital area", "pubic region", "pelvis.front_mid"),
    "pelvis.perineum": Name("between the legs", "perineum", "pelvis.front_mid"),
}

PAIRED: dict[str, Name] = {
    "head.forehead": Name("forehead", "frontal region", "head.forehead"),
    "head.eyebrow": Name("eyebrow", "supraorbital region", "head.eye"),
    "head.eye": Name("eye", "orbital region", "head.eye"),
    "head.temple": Name("temple", "temporal region, anterior", "head.temple"),
    "head.cheekbone": Name("cheekbone", "zygomatic and infraorbital region", "head.cheek"),
    "head.cheek": Name("cheek", "buccal region", "head.cheek"),
    "head.jaw": Name("lower jaw", "body of the mandible", "head.jaw"),
    "head.jaw_angle": Name("back of the cheek and angle of the jaw", "masseter region", "head.jaw"),
    "head.jaw_joint": Name("jaw joint, in front of the ear", "temporomandibular joint region", "head.ear"),
    "head.ear": Name("ear", "auricle", "head.ear"),
    "head.above_ear": Name("side of the head above the ear", "temporal region, over the ear", "head.temple"),
    "head.behind_ear": Name("behind the ear", "mastoid region", "head.ear"),
    "head.side_back": Name(
        "side of the head behind and above the ear", "parietal region, lower posterior", "head.occiput"
    ),
    "head.occiput": Name("back of the head", "occipital region", "head.occiput"),
    "head.crown_front": Name("top of the head, front half", "scalp anterior to vertex", "head.crown"),
    "head.crown_back": Name("top of the head, back half", "parietal scalp", "head.crown"),
    "head.teeth_upper": Name("upper teeth", "maxillary teeth and gum, one quadrant", "head.teeth_upper"),
    "head.teeth_lower": Name("lower teeth", "mandibular teeth and gum, one quadrant", "head.teeth_lower"),
    "neck.suboccipital": Name("just below the skull at the back", "suboccipital region", "neck.back_upper"),
    "neck.jaw_under": Name("under the jaw at the side", "submandibular region", "neck.front"),
    "neck.front_upper": Name(
        "front of the neck beside the throat, upper half", "anterolateral neck, upper", "neck.front"
    ),
    "neck.front_lower": Name(
        "front of the neck beside the throat, lower half", "anterolateral neck, lower", "neck.front"
    ),
    "neck.side_upper": Name("side of the neck, upper half", "lateral neck, upper", "neck.side"),
    "neck.side_lower": Name("side of the neck, lower half", "lateral neck, lower", "neck.side"),
    "neck.back_upper": Name(
        "back of the neck beside the spine, upper half", "posterior neck, C1-C4", "neck.back_upper"
    ),
    "neck.back_lower": Name(
        "back of the neck beside the spine, lower half", "posterior neck, C4-C7", "neck.back_lower"
    ),
    "shoulder.hollow": Name("hollow above the collarbone", "supraclavicular fossa", "shoulder.top"),
    "shoulder.top_inner": Name("top of the shoulder near the neck", "upper trapezius ridge, medial", "shoulder.top"),
    "shoulder.top_outer": Name("top of the shoulder, outer part", "acromioclavicular region", "shoulder.tip"),
    "shoulder.front": Name("front of the shoulder", "anterior deltoid region", "shoulder.front"),
    "shoulder.side": Name("outer side of the shoulder", "lateral deltoid region", "shoulder.tip"),
    "shoulder.back": Name("back of the shoulder", "posterior deltoid region", "shoulder.back"),
    "shoulder.armpit": Name("armpit", "axilla", "shoulder.armpit"),
    "scapula.supraspinous": Name("above the ridge of the shoulder blade", "supraspinous fossa", "scapula.upper"),
    "scapula.upper_medial": Name("shoulder blade, upper inner part", "upper medial scapular region", "scapula.upper"),
    "scapula.upper_lateral": Name("shoulder blade, upper outer part", "upper infraspinous region", "scapula.upper"),
    "scapula.lower_medial": Name("shoulder blade, lower inner part", "lower medial scapular border", "scapula.lower"),
    "scapula.lower_lateral": Name("shoulder blade, lower outer part", "lateral scapular border", "scapula.lower"),
    "back.c7_t1": Name("beside the spine at the base of the neck", "paraspinal, C7-T1", "back.upper"),
    "back.t2_t3": Name("beside the spine, upper back", "paraspinal, T2-T3", "back.upper"),
    "back.t4_t5": Name("between the spine and the shoulder blade", "paraspinal, T4-T5", "back.upper"),
    "back.t6_t7": Name("beside the spine, level of the shoulder blade tip", "paraspinal, T6-T7", "back.middle"),
    "back.t8_t9": Name("beside the spine, middle back", "paraspinal, T8-T9", "back.middle"),
    "back.t10_t11": Name("beside the spine, lower middle back", "paraspinal, T10-T11", "back.middle"),
    "back.t12_l1": Name("beside the spine, end of the ribs", "paraspinal, T12-L1", "back.low"),
    "back.l2_l3": Name("beside the spine, middle low back", "paraspinal, L2-L3", "back.low"),
    "back.l4_l5": Name("beside the spine, lowest low back", "paraspinal, L4-L5", "back.low"),
    "back.t8_t9_lateral": Name("outer middle back", "posterolateral thorax, T8-T9", "back.middle_lateral"),
    "back.t10_t11_lateral": Name(
        "outer lower ribs at the back", "posterolateral thorax, T10-T11", "back.middle_lateral"
    ),
    "back.t12_l1_lateral": Name("outer low back, below the ribs", "posterolateral trunk, T12-L1", "back.low_lateral"),
    "back.l2_l3_lateral": Name("outer low back at the waist", "quadratus lumborum region, L2-L3", "back.low_lateral"),
    "back.l4_l5_lateral": Name("low back over the hip bone", "posterior iliac crest region", "back.low_lateral"),
    "chest.upper_inner": Name("upper chest near the breastbone", "upper parasternal region", "chest.upper"),
    "chest.upper_outer": Name("upper chest below the collarbone", "infraclavicular region", "chest.upper"),
    "chest.mid_inner": Name("chest beside the breastbone", "parasternal region, ribs 3-4", "chest.inner"),
    "chest.mid_outer": Name("outer chest, front of the armpit", "pectoral region, lateral", "chest.outer"),
    "chest.lower_inner": Name("lower chest beside the breastbone", "parasternal region, ribs 5-6", "chest.inner"),
    "chest.lower_outer": Name("breast", "mammary region", "chest.outer"),
    "chest.base_inner": Name("front of the lower ribs, inner part", "costal margin, medial", "chest.base"),
    "chest.base_outer": Name("front of the lower ribs, outer part", "costal margin, lateral", "chest.base"),
    "chest.side_upper": Name("side of the chest below the armpit", "midaxillary thorax, upper", "chest.side"),
    "chest.side_mid": Name("side of the ribs", "midaxillary thorax, middle", "chest.side"),
    "chest.side_lower": Name("side of the lowest ribs", "midaxillary thorax, lower", "belly.side"),
    "belly.side": Name("side of the waist", "flank", "belly.side"),
    "belly.upper_inner": Name("upper belly beside the middle", "epigastric region, rectus", "belly.upper"),
    "belly.upper_outer": Name("upper belly, outer part", "hypochondriac region", "belly.upper"),
    "belly.navel_inner": Name("belly beside the navel", "umbilical region, rectus", "belly.middle"),
    "belly.navel_outer": Name("belly, outer part", "lumbar region of the abdomen", "belly.middle"),
    "belly.lower_inner": Name("lower belly beside the middle", "hypogastric region, rectus", "belly.lower"),
    "belly.lower_outer": Name("lower belly inside the hip bone", "iliac region", "belly.lower"),
    "belly.suprapubic": Name("just above the pubic bone, to the side", "suprapubic region, lateral", "belly.lower"),
    "pelvis.groin": Name("groin", "inguinal region", "hip.front"),
    "pelvis.sacrum_side": Name("side of the sacrum", "sacroiliac and lateral sacral region", "pelvis.sacrum_side"),
    "pelvis.inner_thigh_top": Name("crease between the leg and the genital area", "genitofemoral region", "hip.front"),
    "buttock.upper_inner": Name("buttock, upper inner part", "upper medial gluteal region", "buttock.upper_inner"),
    "buttock.upper_outer": Name("buttock, upper outer part", "upper lateral gluteal region", "buttock.upper_outer"),
    "buttock.lower_inner": Name("buttock, lower inner part", "lower medial gluteal region", "buttock.lower_inner"),
    "buttock.lower_outer": Name("buttock, lower outer part", "lower lateral gluteal region", "buttock.lower_outer"),
    "hip.side_upper": Name("side of the hip, below the waist", "lateral iliac region", "hip.side"),
    "hip.side_lower": Name("bony outer side of the hip", "greater trochanter region", "hip.side"),
    "hip.front": Name("front of the hip, below the groin crease", "anterior hip region", "hip.front"),
    "hand.thenar": Name("ball of the thumb", "thenar eminence", "hand.palm_radial"),
    "hand.hypothenar": Name("heel of the hand, little finger side", "hypothenar eminence", "hand.palm_ulnar"),
    "hand.palm_radial": Name("palm, thumb side", "radial palm", "hand.palm_radial"),
    "hand.palm_ulnar": Name("palm, little finger side", "ulnar palm", "hand.palm_ulnar"),
    "hand.dorsum_thumb": Name(
        "back of the hand over the thumb base", "first metacarpal and snuffbox region", "hand.dorsum_radial"
    ),
    "hand.dorsum_radial": Name("back of the hand, thumb side", "radial dorsum of the hand", "hand.dorsum_radial"),
    "hand.dorsum_ulnar": Name("back of the hand, little finger side", "ulnar dorsum of the hand", "hand.dorsum_ulnar"),
    "foot.heel_back": Name("back of the heel", "posterior calcaneal region", "foot.heel"),
    "foot.heel_sole": Name("underside of the heel", "plantar heel", "foot.heel"),
    "foot.arch": Name("arch of the foot", "medial plantar midfoot", "foot.sole_medial"),
    "foot.sole_lateral": Name("outer sole", "lateral plantar midfoot", "foot.sole_lateral"),
    "foot.ball_medial": Name(
        "ball of the foot, big toe side", "plantar first and second metatarsal heads", "foot.sole_medial"
    ),
    "foot.ball_lateral": Name(
        "ball of the foot, little toe side", "plantar third to fifth metatarsal heads", "foot.sole_lateral"
    ),
    "foot.medial": Name("inner edge of the foot", "medial border of the foot", "foot.dorsum_medial"),
    "foot.lateral": Name("outer edge of the foot", "lateral border of the foot", "foot.dorsum_lateral"),
    "foot.dorsum_medial": Name("top of the foot, big toe side", "medial dorsum of the foot", "foot.dorsum_medial"),
    "foot.dorsum_lateral": Name(
        "top of the foot, little toe side", "lateral dorsum of the foot", "foot.dorsum_lateral"
    ),
}

FINGERS = {1: "thumb", 2: "index finger", 3: "middle finger", 4: "ring finger", 5: "little finger"}
TOES = {1: "big toe", 2: "second toe", 3: "third toe", 4: "fourth toe", 5: "little toe"}

THIRDS = {"proximal": "top third", "middle": "middle third", "distal": "lowest third"}
LIMBS = {
    # segment: (plain name, aspect -> plain words, aspect -> clinical word)
    "arm": ("upper arm", {"anterior": "front", "lateral": "outer side", "posterior": "back", "medial": "inner side"}),
    "forearm": (
        "forearm",
        {"volar": "palm side", "radial": "thumb side", "dorsal": "back", "ulnar": "little finger side"},
    ),
    "thigh": ("thigh", {"anterior": "front", "lateral": "outer side", "posterior": "back", "medial": "inner side"}),
    "leg": ("lower leg", {"anterior": "front", "lateral": "outer side", "posterior": "back", "medial": "inner side"}),
}
JOINTS = {
    "elbow": ("elbow", {"anterior": "front", "lateral": "outer side", "posterior": "back", "medial": "inner side"}),
    "wrist": ("wrist", {"volar": "palm side", "radial": "thumb side", "dorsal": "back", "ulnar": "little finger side"}),
    "knee": ("knee", {"anterior": "front", "lateral": "outer side", "posterior": "back", "medial": "inner side"}),
    "ankle": ("ankle", {"anterior": "front", "lateral": "outer side", "posterior": "back", "medial": "inner side"}),
}
# Reasoning zones are about as large as a hand's breadth, so thirds and joints are joined where they are small.
LIMB_AREAS = {
    "arm": {"proximal": "arm.upper", "middle": "arm.upper", "distal": "arm.lower"},
    "forearm": {"proximal": "forearm.upper", "middle": "forearm.upper", "distal": "forearm.lower"},
    "thigh": {"proximal": "thigh.proximal", "middle": "thigh.middle", "distal": "thigh.distal"},
    "leg": {"proximal": "leg.upper", "middle": "leg.lower", "distal": "leg.lower"},
}
JOINT_AREAS = {"elbow": "elbow", "wrist": "forearm.lower", "knee": "knee", "ankle": "ankle"}
SPLIT_JOINTS = {
    "elbow": {
        "anterior": "elbow.inner_front",
        "medial": "elbow.inner_front",
        "lateral": "elbow.outer_back",
        "posterior": "elbow.outer_back",
    },
    "ankle": {
        "anterior": "ankle.front_outer",
        "lateral": "ankle.front_outer",
        "medial": "ankle.inner_back",
        "posterior": "ankle.inner_back",
    },
}


def _limb_names() -> dict[str, Name]:
    names = {}
    for segment, (word, aspects) in LIMBS.items():
        for third, third_words in THIRDS.items():
            for aspect, aspect_words in aspects.items():
                area = f"{LIMB_AREAS[segment][third]}_{aspect}"
                plain = f"{aspect_words} of the {word}, {third_words}"
                names[f"{segment}.{third}_{aspect}"] = Name(plain, f"{aspect} {third} {segment}", area)
    for joint, (word, aspects) in JOINTS.items():
        for aspect, aspect_words in aspects.items():
            area = SPLIT_JOINTS.get(joint, {}).get(aspect)
            area = area or f"{JOINT_AREAS[joint]}_{aspect}".replace("knee_", "knee.")
            names[f"{joint}.{aspect}"] = Name(f"{aspect_words} of the {word}", f"{aspect} {joint}", area)
    names["knee.anterior"] = Name("kneecap", "anterior knee", "knee.anterior")
    names["knee.posterior"] = Name("back of the knee", "popliteal fossa", "knee.posterior")
    names["elbow.anterior"] = Name("crease of the elbow", "cubital fossa", "elbow.inner_front")
    names["ankle.posterior"] = Name("Achilles tendon, back of the ankle", "posterior ankle", "ankle.inner_back")
    return names


def _digit_names() -> dict[str, Name]:
    names = {}
    for number, word in FINGERS.items():
        area = f"hand.digit_{number}" if number < 4 else "hand.digits_4_5"
        key = word.split()[0]
        names[f"hand.{key}_palmar"] = Name(f"{word}, palm side", f"palmar digit {number}", area)
        names[f"hand.{key}_dorsal"] = Name(f"back of the {word}", f"dorsal digit {number}", area)
        names[f"hand.{key}_nail"] = Name(f"nail of the {word}", f"nail bed, digit {number}", area)
    names["foot.toe_1_nail"] = Name("nail of the big toe", "nail bed of the great toe", "foot.toes")
    names["foot.toe_1_dorsal"] = Name("big toe, top", "dorsal great toe", "foot.toes")
    names["foot.toe_1_plantar"] = Name("big toe, underside", "plantar great toe", "foot.toes")
    for number in range(2, 6):
        names[f"foot.toe_{number}"] = Name(TOES[number], f"toe {number}", "foot.toes")
    return names


PAIRED |= _limb_names() | _digit_names()

AREAS: dict[str, str] = {
    "head.face_mid": "middle of the forehead and nose",
    "head.mouth_chin": "mouth and chin",
    "head.crown_mid": "middle of the top of the head",
    "head.eye": "eye and eyebrow",
    "head.temple": "temple and above the ear",
    "head.cheek": "cheek",
    "head.jaw": "jaw",
    "head.ear": "ear, jaw joint and behind the ear",
    "head.occiput": "back of the head",
    "head.crown": "top of the head",
    "neck.throat": "throat",
    "neck.back_mid": "middle of the back of the neck",
    "neck.front": "front of the neck at the side",
    "neck.side": "side of the neck",
    "neck.back_upper": "back of the neck below the skull",
    "back.upper_mid": "upper back over the spine",
    "back.middle_mid": "middle back over the spine",
    "back.low_mid": "low back over the spine",
    "back.upper": "upper back beside the spine",
    "back.middle": "middle back beside the spine",
    "back.low": "low back beside the spine",
    "back.middle_lateral": "outer middle back",
    "back.low_lateral": "outer low back",
    "pelvis.sacrum_mid": "sacrum and tailbone",
    "pelvis.front_mid": "pubic bone and between the legs",
    "chest.mid": "breastbone",
    "belly.upper_mid": "pit of the stomach",
    "belly.lower_mid": "middle of the belly from the navel down",
    "shoulder.top": "top of the shoulder near the neck",
    "shoulder.tip": "tip and outer side of the shoulder",
    "scapula.upper": "upper shoulder blade",
    "scapula.lower": "lower shoulder blade",
    "chest.upper": "upper chest",
    "chest.inner": "chest beside the breastbone",
    "chest.outer": "outer chest",
    "chest.base": "front of the lower ribs",
    "chest.side": "side of the chest",
    "belly.side": "side of the waist and lowest ribs",
    "belly.upper": "upper belly",
    "belly.middle": "belly beside the navel",
    "belly.lower": "lower belly",
    "hip.front": "groin and front of the hip",
    "hip.side": "side of the hip",
    "hand.palm_radial": "palm and ball of the thumb",
    "hand.palm_ulnar": "palm, little finger side",
    "hand.dorsum_radial": "back of the hand, thumb side",
    "hand.digit_1": "thumb",
    "hand.digit_2": "index finger",
    "hand.digit_3": "middle finger",
    "hand.digits_4_5": "ring and little finger",
    "foot.heel": "heel",
    "foot.sole_medial": "inner sole and ball of the big toe",
    "foot.sole_lateral": "outer sole and ball of the little toes",
    "foot.dorsum_medial": "top and inner edge of the foot",
    "foot.dorsum_lateral": "top and outer edge of the foot",
    "foot.toes": "toes",
    "elbow.inner_front": "front and inner side of the elbow",
    "elbow.outer_back": "back and outer side of the elbow",
    "ankle.front_outer": "front and outer side of the ankle",
    "ankle.inner_back": "back and inner side of the ankle",
}
_PART_OF_LIMB = {
    "arm": {"upper": "upper two thirds of the upper arm", "lower": "lowest third of the upper arm"},
    "forearm": {"upper": "upper two thirds of the forearm", "lower": "lowest third of the forearm and wrist"},
    "thigh": {
        "proximal": "top third of the thigh",
        "middle": "middle third of the thigh",
        "distal": "lowest third of the thigh",
    },
    "leg": {"upper": "top third of the lower leg", "lower": "lower two thirds of the lower leg"},
}


def area_name(area: str) -> str:
    """What a client reads for a reasoning zone."""
    if area in AREAS:
        return AREAS[area]
    segment, _, rest = area.partition(".")
    part, _, aspect = rest.partition("_")
    if segment in _PART_OF_LIMB and part in _PART_OF_LIMB[segment]:
        return f"{LIMBS[segment][1][aspect]}, {_PART_OF_LIMB[segment][part]}"
    only = [name.plain for name in (MIDLINE | PAIRED).values() if name.area == area]
    if len(only) != 1:
        raise KeyError(f"The reasoning zone {area!r} joins {len(only)} zones and needs words of its own.")
    return only[0]
