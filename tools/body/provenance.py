"""Say beside the data where it came from and how anyone can make it again."""

from pathlib import Path

from tools.body.source import BASE_OBJ_SHA256, WHEEL, WHEEL_SHA256, sha256

TEXT = """\
# Where body-1 comes from

`body-1` is derived from the MakeHuman `hm08` base mesh as carried by MPFB2. Its file header says that the asset was
released as CC0 in September 2020 by its copyright holders, Data Collection AB, Joel Palmius and Jonas Hauquier, and
the folder it comes in carries the text of CC0 1.0 Universal. Older copies of that mesh had another licence and were
not used. Everything in this folder is released under CC0 1.0 as well.

| source | SHA-256 |
| --- | --- |
| wheel `{wheel}`, only its folder `data/mpfb2` is read | `{wheel_hash}` |
| `data/mpfb2/3dobjs/base.obj` in it | `{obj_hash}` |

Recipe: `python tools/build_body.py` (steps and measurements: `docs/methods/surface.md`). The surface has
{vertices} vertices and {triangles} triangles; vertex ids 0 to 13379 are those of the base mesh.

| derived file | SHA-256 |
| --- | --- |
{rows}
"""


def write_provenance(out: Path, vertices: int, triangles: int) -> None:
    """Write PROVENANCE.md with the hash of every derived file."""
    names = sorted(
        path.relative_to(out).as_posix()
        for path in out.rglob("*")
        if path.is_file() and path.suffix not in (".md", ".yaml")
    )
    rows = "\n".join(f"| `{name}` | `{sha256((out / name).read_bytes())}` |" for name in names)
    hashes = {"wheel": WHEEL, "wheel_hash": WHEEL_SHA256, "obj_hash": BASE_OBJ_SHA256}
    text = TEXT.format(**hashes, vertices=vertices, triangles=triangles, rows=rows)
    (out / "PROVENANCE.md").write_text(text, encoding="utf-8")
