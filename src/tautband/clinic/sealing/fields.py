"""Model fields that lie sealed in the database and read as plain values in Python.

    class Answer(models.Model):
        id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
        text = SealedTextField()

`answer.text` is opened when it is first read, so a list that does not show it costs nothing. The record's id is bound
in, so the model needs a key that is known before it is saved (a UUID with a default). A query cannot look inside, and
`update(text=...)` is refused: save the record.
"""

import json
from base64 import b64decode, b64encode
from typing import Any

from django.core import checks
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from tautband.clinic.sealing.seal import CannotUnseal, seal, unseal


class Sealed(str):
    """A sealed value as it lies in the database."""

    __slots__ = ()


class OpensWhenRead(DeferredAttribute):
    """Opens a sealed value at the first look."""

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        """The plain value."""
        value = super().__get__(instance, cls)
        if instance is not None and isinstance(value, Sealed):
            value = self.field.opened(value, instance)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        """Take a plain value, or a sealed one from the database."""
        instance.__dict__[self.field.attname] = value


class _Sealed(models.TextField):
    """What both fields share. Only `isnull` can be asked of the database."""

    descriptor_class = OpensWhenRead

    def check(self, **options: Any) -> list[Any]:
        """Refuse a model whose key is not known before it is saved."""
        found = super().check(**options)
        key = self.model._meta.pk
        if not isinstance(key, models.UUIDField) or not key.has_default():
            found.append(checks.Error("A sealed field needs a UUID key with a default.", obj=self, id="sealing.E001"))
        return found

    def about(self, instance: models.Model) -> str:
        """What the value is bound to."""
        return f"{self.model._meta.db_table}.{self.column}/{instance.pk}"

    def to_plain_text(self, value: Any) -> str:
        """The value as text."""
        return str(value)

    def from_plain_text(self, text: str) -> Any:
        """The value again."""
        return text

    def opened(self, value: Sealed, instance: models.Model) -> Any:
        """Open one. Raises CannotUnseal."""
        try:
            sealed = b64decode(value, validate=True)
        except ValueError as error:
            raise CannotUnseal(f"What lies at {self.about(instance)} is not sealed.") from error
        return self.from_plain_text(unseal(sealed, self.about(instance)).decode())

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal on the way to the database; a value nobody opened stays as it is."""
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        sealed = seal(self.to_plain_text(value).encode(), self.about(model_instance))
        return Sealed(b64encode(sealed).decode("ascii"))

    def from_db_value(self, value: str | None, *_more: Any) -> Sealed | None:
        """Mark what comes from the database, to be opened when it is read."""
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        """Forms and validation see the plain value."""
        return value

    def get_prep_value(self, value: Any) -> Any:
        """Let nothing through that is not sealed."""
        if value is None or isinstance(value, Sealed):
            return value
        raise FieldError(
            f"{self.name} is sealed: set it on the record and save that; it cannot be searched or updated."
        )

    def value_to_string(self, obj: models.Model) -> str:
        """What a serializer writes."""
        return self.to_plain_text(self.value_from_object(obj))

    def get_lookup(self, lookup_name: str) -> Any:
        """Only whether it is there."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class SealedTextField(_Sealed):
    """Text, sealed."""

    description = "Sealed text"


class SealedJSONField(_Sealed):
    """Plain JSON (dicts, lists, text, numbers), sealed."""

    description = "Sealed JSON"

    def to_plain_text(self, value: Any) -> str:
        """As JSON."""
        return json.dumps(value, ensure_ascii=False, sort_keys=True)

    def from_plain_text(self, text: str) -> Any:
        """From JSON."""
        return json.loads(text)

    def formfield(self, **options: Any) -> Any:
        """No form of its own: rooms ask their own questions."""
        return None


def sealed_fields() -> list[tuple[type[models.Model], list[_Sealed]]]:
    """Every model with sealed fields."""
    from django.apps import apps

    found = []
    for model in apps.get_models(include_auto_created=True):
        fields = [field for field in model._meta.concrete_fields if isinstance(field, _Sealed)]
        if fields:
            found.append((model, fields))
    return found


def reseal(model: type[models.Model], fields: list[_Sealed], current: str) -> int:
    """Seal anew, with the current key, every value of a model that another key sealed; return how many records.

    current  name of the key that seals now
    """
    from tautband.clinic.sealing.seal import key_name

    changed = 0
    for row in model._base_manager.all().iterator(chunk_size=200):
        waiting = [row.__dict__[field.attname] for field in fields]
        if any(isinstance(value, Sealed) and key_name(b64decode(value)) != current for value in waiting):
            for field in fields:
                getattr(row, field.attname)  # opened here, sealed again by the save
            row.save(update_fields=[field.name for field in fields])
            changed += 1
    return changed
