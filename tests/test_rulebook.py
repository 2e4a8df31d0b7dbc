"""Which policies and kinds of fault the company runs: data, complete or refused."""

from __future__ import annotations

import shutil

import pytest

from dispatch.errors import SetupError
from dispatch.paths import POLICIES
from dispatch.rulebook import load_rulebook


@pytest.fixture
def folder(tmp_path):
    """The shipped rule books, to be spoilt."""
    shutil.copytree(POLICIES, tmp_path / "policies")
    return tmp_path / "policies"


def spoil(folder, name, before, after):
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_the_shipped_rule_books_promise_what_was_published():
    book = load_rulebook(POLICIES, "state-grid", ("supervision-2009",))
    assert book.binding.minutes == {"urban": 45, "rural": 90, "remote": 120}
    assert [(each.name, dict(each.minutes)) for each in book.shadows] == [
        ("supervision-2009", {"urban": 60, "rural": 120, "remote": 240})
    ]
    assert book.binding.hours_ahead == {"planned": 168, "temporary": 24}
    assert [(row.item, row.points) for row in book.binding.rows][:3] == [
        ("urban_arrival", 1),
        ("rural_arrival", 2),
        ("remote_arrival", 1),
    ]


def test_a_wire_down_needs_high_voltage_and_endangers_people():
    fault = load_rulebook(POLICIES, "state-grid", ()).faults["wire_down"]
    assert (sorted(fault.needs), fault.hazard) == (["hv"], True)


def test_a_policy_nobody_wrote_is_refused_and_the_written_ones_are_named(folder):
    with pytest.raises(
        SetupError, match=r"no policy file other\.toml; data/policies has: state-grid, supervision"
    ):
        load_rulebook(folder, "other", ())


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("remote = 120", "", r"minutes\.remote: Field required"),
        ("urban = 45", "urban = 0", r"minutes\.urban"),
        ("urban = 45", 'urban = "45"', r"minutes\.urban"),
        ("urban = 45", "urban = 45\nsuburb = 60", r"minutes\.suburb"),
        ("temporary = 24", "", r"hours_ahead\.temporary"),
        ('counts = "notices"', 'counts = "letters"', r"rows\.3\.counts"),
        ('zone = "rural"', 'zone = "suburb"', r"rows\.1\.zone"),
        ("points = 2", "points = -2", r"rows\.1\.points"),
        ('version = "1"', "version = 1", "version"),
        ("[minutes]", "[minutes", "is not TOML"),
    ],
)
def test_a_policy_that_leaves_something_out_or_says_nonsense_is_refused_by_name(folder, before, after, why):
    spoil(folder, "state-grid.toml", before, after)
    with pytest.raises(SetupError, match=rf"state-grid\.toml.*{why}"):
        load_rulebook(folder, "state-grid", ())


def test_a_policy_in_another_encoding_is_refused(folder):
    (folder / "state-grid.toml").write_bytes("name = '国网'".encode("gb18030"))
    with pytest.raises(SetupError, match=r"state-grid\.toml is not TOML"):
        load_rulebook(folder, "state-grid", ())


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("[wire_down]", "[wire_up]", "wire_up"),
        ("work_min = 60", "work_min = 0", r"wire_down\.work_min"),
        ("hazard = true", 'hazard = "very"', r"wire_down\.hazard"),
        ("work_min = 60", "work_min = 60\ncrews = 3", r"wire_down\.crews"),
    ],
)
def test_a_kind_of_fault_that_is_wrong_is_refused_by_name(folder, before, after, why):
    spoil(folder, "faults.toml", before, after)
    with pytest.raises(SetupError, match=rf"faults\.toml, {why}"):
        load_rulebook(folder, "state-grid", ())


def test_a_kind_of_fault_that_is_missing_is_named(folder):
    text = (folder / "faults.toml").read_text(encoding="utf-8")
    (folder / "faults.toml").write_text(text[: text.index("[other]")], encoding="utf-8")
    with pytest.raises(SetupError, match=r"faults\.toml says nothing of other"):
        load_rulebook(folder, "state-grid", ())


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("prior = -2.6", "", r"samefault\.toml, prior: Field required"),
        ("prior = -2.6", "prior = nan", r"samefault\.toml, prior"),
        ("[45, 4.2]", "[0, 4.2]", r"samefault\.toml, metres.*larger than that of the point before"),
        ('["meter", "meter"]', '["meter", "water"]', r"samefault\.toml, kinds"),
        ("other_unit = -1.0", "other_unit = -1.0\nmoon = 1", r"samefault\.toml, moon"),
    ],
)
def test_weights_of_one_fault_that_cannot_be_meant_are_refused_by_name(folder, before, after, why):
    spoil(folder, "samefault.toml", before, after)
    with pytest.raises(SetupError, match=why):
        load_rulebook(folder, "state-grid", ())
