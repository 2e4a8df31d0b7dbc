"""What a row says, and what is wrong with it."""

from __future__ import annotations

import pytest

from dispatch.desk.rows import every_row, id_of, lonlat, moment, numbered_rows, one_of, placed, unit_of
from dispatch.errors import BadInput
from dispatch.gazetteer.datum import to_wgs84
from dispatch.ticket import Zone
from tests.okcounty import at


def table(home, text):
    path = home / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


def number(row):
    return int(row["n"])


def test_every_row_is_made_with_the_line_it_stands_in(tmp_path):
    path = table(tmp_path, 'n,note\n1,\n\n2,"two\nlines"\n3,\n')
    assert numbered_rows(path, ("n",), ("note",), number) == [(2, 1), (5, 2), (6, 3)]
    assert every_row(path, ("n",), ("note",), number) == [1, 2, 3]


def test_every_bad_row_is_named_with_its_reason(tmp_path):
    with pytest.raises(BadInput, match=r"line 3: .*\(and 1 more\); nothing was imported") as refused:
        every_row(table(tmp_path, "n\n1\nx\n2\ny\n"), ("n",), (), number)
    assert [fault.field for fault in refused.value.errors] == ["line 3", "line 5"]


def test_an_id_stands_in_one_row_only(tmp_path):
    with pytest.raises(BadInput, match="line 4: n '1' stands in line 2 already"):
        every_row(table(tmp_path, "n\n1\n2\n1\n"), ("n",), (), number, "n")


def test_a_table_without_rows_is_refused(tmp_path):
    with pytest.raises(BadInput, match="has no rows"):
        every_row(table(tmp_path, "n\n\n"), ("n",), (), number)


@pytest.mark.parametrize(
    ("text", "expected"), [("2026-10-05T08:15:00+08:00", "08:15"), ("2026-10-05T00:15Z", "08:15")]
)
def test_a_time_with_an_offset_is_a_moment(text, expected):
    assert moment({"at": text}, "at") == at(expected)


@pytest.mark.parametrize(
    ("text", "why"), [("2026-10-05T08:15:00", "no offset"), ("yesterday", "not a time"), ("", "not a time")]
)
def test_a_time_without_an_offset_is_refused(text, why):
    with pytest.raises(ValueError, match=why):
        moment({"at": text}, "at")


@pytest.mark.parametrize(
    ("lon", "lat"), [("181", "0"), ("0", "-91"), ("nan", "0"), ("inf", "0"), ("east", "0"), ("", "")]
)
def test_a_place_that_is_not_on_earth_is_refused(lon, lat):
    with pytest.raises(ValueError, match="degrees"):
        lonlat({"lon": lon, "lat": lat}, "lon", "lat")


def test_lat_before_lon_is_told_where_it_shows():
    with pytest.raises(ValueError, match="are they swapped"):
        lonlat({"lon": "42.3", "lat": "119.5"}, "lon", "lat")


@pytest.mark.parametrize(
    ("said", "company", "counts"),
    [
        ("", "gcj02", "gcj02"),
        ("gcj02", "gcj02", "gcj02"),
        ("wgs84", "gcj02", "wgs84"),
        ("BD09", "wgs84", "bd09"),
    ],
)
def test_a_place_is_converted_once_by_what_its_row_declares_else_the_company(said, company, counts):
    row = {"lon": "119.9", "lat": "42.3", "datum": said}
    assert placed(row, company) == to_wgs84(119.9, 42.3, counts)


def test_an_unknown_datum_is_refused_by_name():
    with pytest.raises(BadInput, match="wgs84, gcj02, bd09"):
        placed({"lon": "119.9", "lat": "42.3", "datum": "cgcs2000"}, "wgs84")


@pytest.mark.parametrize("text", ["", "a b", "x" * 41, "<script>", "a/b", "中" * 41])
def test_an_id_is_short_and_plain(text):
    with pytest.raises(ValueError, match="1-40 letters"):
        id_of({"crew": text}, "crew")


def test_an_id_may_be_in_any_script():
    assert id_of({"crew": "城区1班"}, "crew") == "城区1班"


def test_a_kind_is_one_of_the_known_words():
    assert one_of({"zone": "rural"}, "zone", Zone) == "rural"
    with pytest.raises(ValueError, match="urban, rural, remote"):
        one_of({"zone": "suburb"}, "zone", Zone)


def test_a_unit_is_one_of_the_companys_if_it_has_any():
    assert unit_of({"unit": "U9"}, set()) == "U9"
    with pytest.raises(ValueError, match="use one of U1, U2"):
        unit_of({"unit": "U9"}, {"U2", "U1"})
