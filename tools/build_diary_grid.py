"""Write the rows of the diary's grid as classes, since pages carry no inline style: `a12` begins in row 12, `d6` is six
rows long, of five minutes each.

    python tools/build_diary_grid.py
"""

from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/tautband/clinic/diary/static/css/diary-grid.css"
ROWS = 288


def main() -> None:
    """Write the file."""
    lines = ["/* Rows of the diary, five minutes each: made by tools/build_diary_grid.py. */"]
    lines += [f".a{row}{{grid-row-start:{row + 1}}}" for row in range(ROWS)]
    lines += [f".d{rows}{{grid-row-end:span {rows}}}" for rows in range(1, ROWS + 1)]
    lines += [f".rows{hours * 12}{{--rows:{hours * 12}}}" for hours in range(1, 25)]
    lines += [f".n{columns}{{--columns:{columns}}}" for columns in range(1, 31)]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
