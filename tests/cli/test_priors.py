"""Counts become priors only by proposing, a person's acceptance, and naming the file; no step does it by itself."""

import json
from pathlib import Path

import pytest

from tautband.cli.main import UserError, main
from tautband.cli.rank import with_own_priors
from tautband.reasoning.loading import reasoner

SOURCE = "trp.infraspinatus.1"


def test_the_whole_way_from_counts_to_a_ranking_with_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts, review = tmp_path / "counts.csv", tmp_path / "review.json"
    counts.write_text(f"source,active,visits\n{SOURCE},60,400\n")
    propose = ["priors", "propose", str(counts), "--to", str(review), "--version", "2027-1"]
    assert main(propose) == 0
    before = review.read_text()
    assert main(propose) == 2, "a review is never written over"
    assert main(["priors", "show", str(review)]) == 1
    with pytest.raises(UserError, match="has not been accepted"):
        with_own_priors(review)
    assert main(["priors", "accept", str(review), "--by", " "]) == 2
    assert review.read_text() == before
    assert main(["priors", "accept", str(review), "--by", "Mara Quinn"]) == 0
    assert main(["priors", "accept", str(review), "--by", "Somebody Else"]) == 2
    assert json.loads(review.read_text())["accepted_by"] == "Mara Quinn"
    assert main(["priors", "show", str(review)]) == 0
    assert "Mara Quinn" in capsys.readouterr().out
    key = f"{SOURCE}/left"
    usual = reasoner().model.hypothesis(key).prior
    assert with_own_priors(review).model.hypothesis(key).prior > usual == reasoner().model.hypothesis(key).prior


def test_counts_that_cannot_be_are_refused_with_the_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text(f"source,active,visits\n{SOURCE},many,400\n")
    assert main(["priors", "propose", str(counts), "--to", str(tmp_path / "r.json"), "--version", "1"]) == 2
    assert "line 2" in capsys.readouterr().err
    assert not (tmp_path / "r.json").exists()
