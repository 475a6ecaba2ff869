"""Which folder holds which kind of thing, and the form it is checked with."""

from pydantic import BaseModel

from tautband.knowledge.records import (
    Area,
    Benefit,
    Condition,
    Education,
    Entrapment,
    Exam,
    Factor,
    Flag,
    Guard,
    Instrument,
    Joint,
    Muscle,
    Nerve,
    Protocol,
    Record,
    Root,
    Selfcare,
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
    "selfcare": Selfcare,
    "benefits": Benefit,
    "education": Education,
    "instruments": Instrument,
}
SOURCES = "sources"
AREAS = "areas"
FOLDERS = (*FORMS, SOURCES, AREAS)

KIND_OF_FOLDER = {folder: form.__name__.lower() for folder, form in FORMS.items()}
FOLDER_OF_KIND = {kind: folder for folder, kind in KIND_OF_FOLDER.items()}

ALL_FORMS: dict[str, type[BaseModel]] = {**FORMS, SOURCES: Source, AREAS: Area}
