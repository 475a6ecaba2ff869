"""The atlas that ships is sound: nothing to repair that would fail `check`."""

from tautband.knowledge import Severity, check, load, packaged_folder


def test_the_packaged_atlas_has_no_errors() -> None:
    errors = [str(p) for p in check(load([packaged_folder()])) if p.severity is Severity.ERROR]
    assert errors == []
