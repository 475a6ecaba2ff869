"""JSON Schemas of the knowledge files, one per folder, so that an editor completes keys and marks errors."""

from typing import Any

from tautband.knowledge.kinds import ALL_FORMS, AREAS


def schemas() -> dict[str, dict[str, Any]]:
    """Return folder name -> JSON Schema (draft 2020-12) of the files in it."""
    made = {}
    for folder, form in ALL_FORMS.items():
        schema = form.model_json_schema(mode="validation")
        schema = _forgiving(schema)
        if folder == AREAS:
            schema = {
                "type": "array",
                "items": {"$ref": "#/$defs/Area"},
                "$defs": {**schema.pop("$defs", {}), "Area": schema},
            }
        made[folder] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return made


def _forgiving(schema: Any) -> Any:
    """Allow what the forms allow in files: one text instead of a list of texts, a short condition, a bare radius."""
    if isinstance(schema, list):
        return [_forgiving(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: _forgiving(value) for key, value in schema.items()}
    items = inner.get("items")
    if inner.get("type") == "array" and isinstance(items, dict) and items.get("type") in {"string", "number"}:
        rest = {key: inner.pop(key) for key in ("title", "description", "default") if key in inner}
        return {**rest, "anyOf": [inner, {"type": items["type"]}]}
    if inner.get("title") == "Citation" and "required" in inner:
        inner.pop("required")
    if inner.get("$ref") == "#/$defs/When":
        return {"anyOf": [inner, {"type": "string"}]}
    return inner
