"""Every page of the atlas opens for every member, says where its facts come from, and leads on."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.urls import reverse

from tautband.clinic.library import page, pictures, words
from tautband.clinic.people.models import Member
from tautband.knowledge import atlas
from tautband.terms.ids import kind_of

Browsers = Callable[[Member | None], Browser]


def address(id: str) -> str:
    return reverse("library:thing", args=[id])


@pytest.fixture
def noor(therapist: Member, browser_of: Browsers) -> Browser:
    """A therapist of the practice, with no client of her own."""
    return browser_of(therapist)


def test_every_record_and_place_has_a_page(noor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """What each page says is put together for all; every seventh is opened. Pictures are drawn in other tests."""
    monkeypatch.setattr(pictures, "_plates", lambda parts, spots, sensed: ())
    monkeypatch.setattr(page, "picture_svg", lambda pose, label: "")
    pictures._shown.cache_clear()
    known = atlas()
    for id in known.records:
        assert page.of_record(known, id)["parts"], id
    for id in [*known.records, *known.areas][::7]:
        response = noor.get(address(id))
        assert response.status_code == 200, id
        assert not re.search(r": None|\{\{|\{%", response.content.decode()), id


def test_a_muscle_can_be_handed_to_a_client(noor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "_plates", lambda parts, spots, sensed: ())
    pictures._shown.cache_clear()
    for muscle in atlas().muscles[::7]:
        assert noor.get(reverse("library:print", args=[muscle.id])).status_code == 200, muscle.id
    assert noor.get(reverse("library:print", args=["nerve.median"])).status_code == 404


def test_exercises_and_pages_of_education_can_be_handed_out(noor: Browser) -> None:
    exercise = noor.get(reverse("library:print", args=["selfcare.bridge"])).content.decode()
    assert exercise.count("<svg") >= 2, "start and end are drawn"
    assert "Stop when there is" in exercise
    lesson = noor.get(reverse("library:print", args=["education.what_to_expect_after"])).content.decode()
    assert "36 to 48 hours" in lesson


def test_a_staged_protocol_tells_its_stages_one_by_one(noor: Browser) -> None:
    told = noor.get(address("protocol.acute_ankle_sprain")).content.decode()
    for words_of in ("usually days 0 to 3", "Move on when", "Not yet", "Go back when"):
        assert words_of in told
    assert "not_yet" not in told


@pytest.mark.parametrize("name", ["home", "body", "movements", "nerves", "coverage"])
def test_ways_in(noor: Browser, name: str) -> None:
    assert noor.get(reverse(f"library:{name}")).status_code == 200


def test_regions_kinds_and_their_fields_open(noor: Browser) -> None:
    for region in ("neck", "forearm_hand", "general"):
        assert noor.get(reverse("library:region", args=[region])).status_code == 200
    for kind in atlas().by_kind:
        assert noor.get(reverse("library:kind", args=[kind])).status_code == 200
    assert noor.get(reverse("library:fields"), {"region": "knee"}).status_code == 200


@pytest.mark.parametrize("address", ["/atlas/muscle.nowhere/", "/atlas/regions/moon/", "/atlas/kinds/moon/",
                                     "/atlas/fields/?region=moon", "/atlas/body/?zone=zone.moon&side=left",
                                     "/atlas/body/?zone=rubbish&side=up", "/atlas/area.nowhere/"])  # fmt: skip
def test_what_is_not_there_is_not_found(noor: Browser, address: str) -> None:
    assert noor.get(address).status_code == 404


def test_visitors_are_asked_to_sign_in(browser_of: Browsers, owner: Member) -> None:
    for path in ("/atlas/", "/atlas/muscle.infraspinatus/", "/atlas/coverage/"):
        response = browser_of(None).get(path)
        assert (response.status_code, "sign-in" in response.url) == (302, True)


def test_a_former_member_sees_nothing(therapist: Member, browser_of: Browsers) -> None:
    browser = browser_of(therapist)
    therapist.active = False
    therapist.save(update_fields=["active"])
    assert browser.get("/atlas/").status_code in (302, 403)


def test_typing_finds_plain_words_and_synonyms(noor: Browser) -> None:
    for asked, id in (("shoulder blade", "area.shoulder_blade"), ("infraspin", "muscle.infraspinatus"),
                      ("carpal tunnel", "entrapment.median.carpal_tunnel")):  # fmt: skip
        found = noor.get("/atlas/", {"q": asked}, headers={"HX-Request": "true"}).content.decode()
        assert address(id) in found
        assert "<html" not in found


def test_a_page_shows_sources_and_marks_what_nobody_read(noor: Browser) -> None:
    muscle = next(m for m in atlas().muscles if not all(c.read for c in m.cites.values()))
    shown = noor.get(address(muscle.id)).content.decode()
    assert "not read by us" in shown
    for key in re.findall(r'href="#source-([^"]+)"', shown):
        assert f'id="source-{key}"' in shown


def test_all_links_of_a_page_lead_somewhere(noor: Browser) -> None:
    for id in ("muscle.anconeus", "exam.spurling"):
        if id not in atlas():
            continue
        shown = noor.get(address(id)).content.decode()
        for link in set(re.findall(r'href="(/atlas/[^"#?]*)', shown)):
            assert noor.get(link).status_code in (200, 302), link


def test_a_point_leads_to_its_muscle(noor: Browser) -> None:
    response = noor.get(address("trp.infraspinatus.1"))
    assert (response.status_code, response.url) == (302, f"{address('muscle.infraspinatus')}#trp.infraspinatus.1")


def test_the_body_always_names_what_comes_from_elsewhere(noor: Browser) -> None:
    shown = noor.get("/atlas/body/", {"zone": "zone.chest.mid_outer", "side": "left"}).content.decode()
    assert "Not from here" in shown
    assert any(address(id) in shown for id in atlas().by_kind["flag"])
    everywhere = noor.get("/atlas/body/", {"zone": "zone.hand.little_dorsal", "side": "right"}).content.decode()
    assert "Not from here" in everywhere


def test_the_other_side_mirrors_this_one(noor: Browser) -> None:
    def found(side: str) -> list[str]:
        shown = noor.get("/atlas/body/", {"zone": "zone.knee.medial", "side": side}).content.decode()
        return re.findall(r'href="(/atlas/(?:muscle|entrapment|root|joint|tissue)\.[^"]*)"', shown)

    assert found("left") == found("right") != []


def test_a_retired_id_leads_to_its_replacement(noor: Browser, overlay: Path) -> None:
    (overlay / "muscles/shoulder").mkdir(parents=True)
    (overlay / "muscles/shoulder/old_name.yaml").write_text(
        "id: muscle.old_name\nreplaced_by: muscle.infraspinatus\nnote: Named twice.\n", encoding="utf-8"
    )
    atlas.cache_clear()
    response = noor.get(address("muscle.old_name"))
    assert (response.status_code, response.url) == (302, address("muscle.infraspinatus"))


def test_the_practices_own_things_say_so(noor: Browser, overlay: Path) -> None:
    (overlay / "factors/work").mkdir(parents=True)
    (overlay / "factors/work/our_loom.yaml").write_text(
        "id: factor.our_loom\nname: {en: Weaving at the loom, plain: hours at the loom}\ncites:\n"
        "  our_notes: {grade: expert_opinion}\nsort: work\nask: Do you weave?\n"
        "loads:\n  - {sources: [muscle.infraspinatus], strength: sometimes, by: our_notes}\n",
        encoding="utf-8",
    )
    (overlay / "sources").mkdir()
    (overlay / "sources/our_notes.yaml").write_text(
        "id: our_notes\ncitation: Notes of this practice.\nkind: book\n", encoding="utf-8"
    )
    atlas.cache_clear()
    assert "This practice’s own" in noor.get(address("factor.our_loom")).content.decode()
    assert "This practice’s own" not in noor.get(address("muscle.infraspinatus")).content.decode()
    assert address("factor.our_loom") in noor.get("/atlas/", {"q": "loom"}).content.decode()


def test_a_broken_file_is_named_and_the_rest_is_shown(noor: Browser, overlay: Path) -> None:
    (overlay / "muscles/shoulder").mkdir(parents=True)
    (overlay / "muscles/shoulder/broken.yaml").write_text("id: muscle.broken\nname: {en: Broken\n", encoding="utf-8")
    atlas.cache_clear()
    shown = noor.get("/atlas/").content.decode()
    assert "muscles/shoulder/broken.yaml" in shown
    assert noor.get(address("muscle.infraspinatus")).status_code == 200


@pytest.fixture(autouse=True)
def no_picture_outlives_its_test() -> Iterator[None]:
    """Pictures are kept for the life of a process; a test that draws none must not leave that behind."""
    yield
    pictures._shown.cache_clear()


@pytest.fixture
def overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The practice's own atlas folder."""
    folder = tmp_path / "home/atlas"
    folder.mkdir(parents=True)
    monkeypatch.setenv("TAUTBAND_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("tautband.knowledge.cache.fetch", lambda name, key: None)
    monkeypatch.setattr("tautband.knowledge.cache.keep", lambda name, key, value: False)
    yield folder
    atlas.cache_clear()


def test_kinds_have_words() -> None:
    assert {kind_of(id) for id in atlas().ids()} <= set(words.KINDS)
