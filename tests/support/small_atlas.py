"""A small atlas for tests: three muscles, a root, an entrapment, a flag, and examinations about them."""

from pathlib import Path
from typing import Any

import yaml

from tautband.knowledge import Atlas, load

READ = {"book": {"at": "p. 1", "read": "full"}}
UNREAD: dict[str, Any] = {"book": {}}


def names(en: str) -> dict[str, str]:
    return {"en": en, "plain": f"plain {en.lower()}"}


def muscle(name: str, blob: str, *, read: bool = True, target: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": f"muscle.{name}",
        "name": names(name.replace("_", " ").capitalize()),
        "region": "shoulder",
        "targets": [target] if target else [],
        "cites": READ if read else UNREAD,
        "attachments": [{"origin": "scapula", "insertion": "humerus", "by": "book"}],
        "actions": [{"joint": "shoulder", "motion": "external_rotation", "by": "book"}],
        "nerve_supply": [{"name": "suprascapular nerve", "by": "book"}],
        "trigger_points": [
            {
                "id": f"trp.{name}.1",
                "place": "belly",
                "landmark": "infraspinous",
                "refers_to": [{"blob": blob, "radius_cm": 4, "by": "book"}],
            }
        ],
        **more,
    }


def exam(name: str, method: str = "special", *, read: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "id": f"exam.{name}",
        "name": names(name.replace("_", " ").capitalize()),
        "cites": READ if read else UNREAD,
        "method": method,
        "region": "shoulder",
        "positive": "pain",
        **more,
    }


def accuracy(*sources: str, sens: float = 0.7, spec: float = 0.85, n: int = 200) -> dict[str, Any]:
    return {
        "sources": list(sources),
        "sensitivity": sens,
        "specificity": spec,
        "n": n,
        "spectrum": "consecutive",
        "by": "book",
    }


def suggests(*sources: str, strength: str = "often", against: bool = False) -> dict[str, Any]:
    return {"sources": list(sources), "strength": strength, "against": against, "by": "book"}


def flag(name: str, rules: list[dict[str, Any]], *, read: bool = True, **more: Any) -> dict[str, Any]:
    return {
        "id": f"flag.{name}",
        "name": names(name.capitalize()),
        "region": "neck",
        "cites": READ if read else UNREAD,
        "rules": [{"by": "book", **rule} for rule in rules],
        "do": [{"text": "send to a doctor", "by": "book"}],
        "say": [{"text": "please see a doctor today", "by": "book"}],
        **more,
    }


FRONT = muscle("front", "shoulder_front", target="trigger_point.infraspinatus")
SIDE = muscle("side", "shoulder_side", target="trigger_point.deltoid_middle")
UNSEEN = muscle("unseen", "shoulder_front", read=False)
ROOT = {
    "id": "root.c6",
    "name": names("C6 root"),
    "level": "C6",
    "region": "neck",
    "cites": READ,
    "dermatome": [{"tube": ["forearm_radial", "thumb_tip"], "radius_cm": 3, "by": "book"}],
    "myotome": [{"joint": "wrist", "motion": "extension", "by": "book"}],
    "weak_muscles": ["muscle.front"],
}
CORD = flag(
    "cord",
    [
        {
            "when": {"at_least": {"n": 2, "of": ["exam.unsteady", "exam.clumsy", "exam.hoffmann"]}},
            "urgency": "urgent_days",
            "because": "two signs of the cord",
        },
        {"when": {"all": ["exam.saddle", "exam.bladder"]}, "urgency": "emergency", "because": "saddle and bladder"},
    ],
    ask=["exam.hoffmann"],
    closes=["neck"],
    targets=["red_flag.cervical_myelopathy"],
)
EVERYTHING: tuple[dict[str, Any], ...] = (
    FRONT,
    SIDE,
    UNSEEN,
    ROOT,
    CORD,
    exam("familiar", accuracy=[accuracy("muscle.front")]),
    exam("rumour", read=False, accuracy=[accuracy("muscle.front")]),
    exam(
        "spurling",
        "neural",
        accuracy=[accuracy("root.c6")],
        provokes=["neck"],
        suggests=[suggests("muscle.front", strength="usual", against=True)],
    ),
    exam("unsteady", "history", sided=False),
    exam("clumsy", "history", sided=False),
    exam("hoffmann", "reflex", accuracy=[accuracy("flag.cord", sens=0.4, spec=0.9)]),
    exam("saddle", "history", sided=False),
    exam("bladder", "history", sided=False),
    exam("muscle_strength", "strength"),
    exam("palpation.familiar_pain", "palpation"),
    exam("palpation.tenderness", "palpation"),
)


def write(folder: Path, *things: dict[str, Any]) -> Atlas:
    """Write things where the atlas expects them and load them."""
    for thing in things:
        kind, _, rest = thing["id"].partition(".")
        shelf = {"factor": thing.get("sort"), "exam": thing.get("method")}.get(kind, thing.get("region"))
        path = folder / f"{kind}s" / str(shelf) / f"{rest}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(thing))
    (folder / "sources").mkdir(exist_ok=True)
    (folder / "sources" / "book.yaml").write_text("id: book\ncitation: A book\nkind: book\n")
    (folder / "areas").mkdir(exist_ok=True)
    (folder / "areas" / "arm.yaml").write_text(
        yaml.safe_dump(
            [
                {"id": "area.shoulder_front", "plain": "front of the shoulder", "zones": ["zone.shoulder.front*"]},
                {"id": "area.forearm", "plain": "forearm", "zones": ["zone.forearm.*"]},
            ]
        )
    )
    loaded = load([folder], use_cache=False)
    assert not loaded.errors, [str(problem) for problem in loaded.errors]
    return loaded
