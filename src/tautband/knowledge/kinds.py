"""Which folder holds which kind of thing, and the form it is checked with."""

from pydantic import BaseModel

from tautband.knowledge.records import (
    Area,
    Condition,
    Entrapment,
    Exam,
    Factor,
    Flag,
    Guard,
    Joint,
    Muscle,
    Nerve,
    Protocol,
    Record,
    Root,
    Source,
    Technique,
    Tissue,
)

FORMS: dict[str, type[Record]] = {
    "muscles": Muscle,
    "nerves": Nerve,
    "entrapments": Entrapment,
    "roots": Root,
    "joints": Joint,
    "tissues": Tissue,
    "flags": Flag,
    "exams": Exam,
    "factors": Factor,
    "techniques": Technique,
    "protocols": Protocol,
    "guards": Guard,
    "conditions": Condition,
}
SOURCES = "sources"
AREAS = "areas"
FOLDERS = (*FORMS, SOURCES, AREAS)

KIND_OF_FOLDER = {folder: folder[:-1] for folder in FORMS}
FOLDER_OF_KIND = {kind: folder for folder, kind in KIND_OF_FOLDER.items()}

ALL_FORMS: dict[str, type[BaseModel]] = {**FORMS, SOURCES: Source, AREAS: Area}
