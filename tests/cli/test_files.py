from __future__ import annotations

import json

import pytest

from tests.conftest import EXTRACT
from tests.grid import Grid

REPORTS = """received_at,fault,address,lon,lat,note
2024-10-05T08:00:00+08:00,no_power,,13.2612,53.5571,first
2024-10-05T09:00:00+08:00,meter,,13.3975,53.5388,=1+1
"""
BOW_TIE = [[[13, 53], [14, 54], [14, 53], [13, 54], [13, 53]]]
TOWN = Grid(
    """
    a---b---c
    |   |   |
    d---e---f
    """,
    step_m=400,
)


@pytest.fixture
def reports(tmp_path):
    file = tmp_path / "reports.csv"
    file.write_text(REPORTS, encoding="utf-8")
    return file


# -- init


def test_a_second_init_changes_nothing(command):
    before = command("check").out
    told = command("init", "--sample")
    assert (told.code, told.out) == (0, "the sample company is set up already\n")
    assert command("check").out == before


def test_init_makes_a_database_and_takes_the_companys_files(bare, monkeypatch, tmp_path):
    (tmp_path / "units.csv").write_text("unit,name,depot_lon,depot_lat\nU1,West,13.2,53.5\n")
    file = tmp_path / "config.toml"
    file.write_text(
        f'[store]\nurl = "sqlite:{tmp_path / "new.db"}"\n[company]\nunits = "{tmp_path / "units.csv"}"\n'
    )
    monkeypatch.setenv("DISPATCH_CONFIG", str(file))
    assert bare("init").out == "units: 1\n"
    assert bare("check").code == 0


def test_init_with_a_file_that_is_not_there_names_it(bare, monkeypatch, tmp_path):
    file = tmp_path / "config.toml"
    file.write_text(f'[store]\nurl = "sqlite:{tmp_path / "new.db"}"\n[company]\nunits = "/none/units.csv"\n')
    monkeypatch.setenv("DISPATCH_CONFIG", str(file))
    assert "/none/units.csv" in bare.refused("init")


# -- build


def test_a_build_tells_its_figures(bare, tmp_path):
    streets = {"highway": "residential", "name": "Turmstraße"}
    extract = TOWN.write_osm(tmp_path / "town.osm", [("abcfedab", streets), ("be", streets)])
    told = bare("build", extract, "--out", tmp_path / "area", "--json")
    assert told.code == 0, told.err
    figures = json.loads(told.out)
    assert set(figures) >= {"nodes", "edges", "names", "addresses", "tiles", "seconds", "peak_mb"}
    assert (tmp_path / "area" / "area.json").exists()


@pytest.mark.parametrize(
    "name", ["cut.osm.pbf", "words.osm.pbf", "words.osm", "words.osm.gz", "words.txt", "empty.osm"]
)
def test_a_build_from_a_broken_extract_leaves_nothing(bare, tmp_path, name):
    raw = {"cut": EXTRACT.read_bytes()[:400_000], "empty": b""}.get(name.partition(".")[0], b"just words")
    (tmp_path / name).write_bytes(raw)
    assert name in bare.refused("build", tmp_path / name, "--out", tmp_path / "area")
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_build_replaces_only_what_a_build_made(bare, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("keep me")
    assert "not empty" in bare.refused("build", EXTRACT, "--out", tmp_path / "letters")
    assert (tmp_path / "letters" / "dear.txt").read_text() == "keep me"


def test_a_build_needs_an_extract_that_is_there(bare, tmp_path):
    assert "none.osm.pbf" in bare.refused("build", tmp_path / "none.osm.pbf", "--out", tmp_path / "area")
    assert "is a file" in bare.refused("build", EXTRACT, "--out", EXTRACT)


# -- import


def test_reports_are_imported_as_if_they_had_been_called_in(command, reports):
    assert command("import", "reports", reports).out == "reports: 2 imported\n"
    month = command("export", "2024-10", "--out", reports.parent / "out")
    assert month.code == 0
    rows = (reports.parent / "out" / "reports.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 3


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ("meter", "magic", "line 3"),
        ("53.5388", "91", "line 3"),
        ("T09:00:00+08:00", "T09:00:00", "line 3"),
        ("2024-10-05T09", "2999-10-05T09", "line 3"),
        ("fault", "colour", "colour"),
        (",=1+1", ",=1+1,more", "line 3"),
    ],
)
def test_one_bad_row_and_nothing_is_imported(command, reports, good, bad, named):
    before = command("check").out
    reports.write_text(REPORTS.replace(good, bad), encoding="utf-8")
    assert named in command.refused("import", "reports", reports)
    assert command("check").out == before


@pytest.mark.parametrize("year", ["0001", "1999", "2200", "9999"])
def test_a_notice_beyond_all_calendars_is_refused(command, tmp_path, year):
    file = tmp_path / "outages.csv"
    ring = "POLYGON ((13 53, 13.1 53, 13.1 53.1, 13 53))"
    file.write_text(
        "outage,kind,cause,published_at,from,to,area\n"
        f'A1,planned,feeder,2024-10-01T08:00:00Z,2024-10-05T08:00:00Z,{year}-12-31T23:59:59Z,"{ring}"\n'
    )
    assert "line 2" in command.refused("import", "outages", file)


def test_every_bad_row_is_named_on_a_line_of_its_own(command, reports):
    reports.write_text(REPORTS.replace("no_power", "x").replace("meter", "y"), encoding="utf-8")
    told = command("import", "reports", reports)
    assert told.code == 2
    assert "line 2" in told.err.splitlines()[0]
    assert told.err.splitlines()[1].strip().startswith("line 3: ")


def test_a_bow_tie_zone_is_refused_with_its_place(command, tmp_path):
    zone = {"code": "urban", "name": "Mitte", "priority": 10, "source": "", "approved_by": ""}
    shown = {"type": "Feature", "properties": zone, "geometry": {"type": "Polygon", "coordinates": BOW_TIE}}
    file = tmp_path / "zones.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [shown]}))
    refusal = command.refused("import", "zones", file)
    assert "Mitte" in refusal
    assert "13.5" in refusal


@pytest.mark.parametrize("kind", ["crews", "accounts", "zones", "outages", "reports", "units"])
@pytest.mark.parametrize("raw", [b"", b"just words\n", b"\x00\x01\x02" * 100, b"PK\x03\x04broken"])
def test_a_file_of_another_kind_is_refused_by_name(command, tmp_path, kind, raw):
    for name in ("file.csv", "file.xlsx", "file.geojson"):
        (tmp_path / name).write_bytes(raw)
        assert name in command.refused("import", kind, tmp_path / name)


def test_an_import_needs_a_known_kind_and_a_file_that_is_there(command, tmp_path, reports):
    assert "'cats'" in command.refused("import", "cats", reports)
    assert "none.csv" in command.refused("import", "crews", tmp_path / "none.csv")
    assert "is a directory" in command.refused("import", "crews", tmp_path)


# -- export


def test_a_month_is_written_as_four_files(command, tmp_path):
    told = command("export", "2024-10", "--out", tmp_path / "out")
    names = {"month.xlsx", "reports.csv", "month.json", "month.html"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    assert {line.rsplit("/", 1)[1] for line in told.lines} == names


def test_the_same_month_exported_twice_is_the_same_to_the_byte(command, reports):
    command("import", "reports", reports)
    for out in ("one", "two"):
        assert command("export", "2024-10", "--out", reports.parent / out).code == 0
    for path in (reports.parent / "one").iterdir():
        assert path.read_bytes() == (reports.parent / "two" / path.name).read_bytes(), path.name


def test_a_month_is_written_in_the_language_that_is_asked_for(command, tmp_path):
    for language, tag in (("zh", "zh-CN"), ("en", "en")):
        command("export", "2024-10", "--out", tmp_path / language, "--lang", language)
        page = (tmp_path / language / "month.html").read_text(encoding="utf-8")
        assert f'<html lang="{tag}">' in page


@pytest.mark.parametrize(
    "month", ["2026-13", "2026-1", "0000-00", "9999-12", "october", "2026-10-01", "", "２０２６-10"]
)
def test_what_is_no_month_is_not_exported(command, tmp_path, month):
    command.refused("export", month, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_export_needs_a_folder_it_may_write_to(command, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert "file" in command.refused("export", "2024-10", "--out", tmp_path / "file")
    assert "out" in command.refused("export", "2024-10", "--out", tmp_path / "file" / "out")
