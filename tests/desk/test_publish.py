"""Outage notices and zone sets, checked before anybody relies on them."""

from __future__ import annotations

import json

import geopandas
import pytest
from shapely.geometry import MultiPolygon, Polygon, box, mapping

from dispatch.desk.intake import Draft, set_place
from dispatch.desk.month import month
from dispatch.desk.place import Pin
from dispatch.desk.publish import import_outages, post_notice
from dispatch.desk.zoning import import_zones
from dispatch.errors import BadInput, Conflict
from dispatch.export import write_month
from tests.desk.county import CHEN, LI, T1, T3, T4, call, done, feature, notice, send, take, ticket
from tests.okcounty import FIELDS, TOWN, VALLEY, at, spot, square

KML = """<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>town</name>
<Point><coordinates>1,2</coordinates></Point></Placemark></kml>"""
BOW_TIE = Polygon([spot(0, 0), spot(4, 4), spot(4, 0), spot(0, 4)])


def zones_file(home, *features, name="zones.geojson"):
    path = home / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def a_zone(geometry, code="urban", name="the new town", **more):
    properties = {"code": code, "name": name, "priority": 20, "source": "", "approved_by": "Chen"}
    return {"type": "Feature", "properties": properties | more, "geometry": mapping(geometry)}


def test_a_zone_set_is_in_force_from_now_on_and_old_promises_stay(county, tmp_path):
    before = call(county, "08:00", T3).report
    published = import_zones(county, zones_file(tmp_path, a_zone(square(0, 0, 20, 10))), CHEN)
    after = call(county, "08:10", T3).report
    assert (before.zoned.zone, before.zoned.zone_set) == ("rural", "2026-1")
    assert (after.zoned.zone, after.zoned.zone_set) == ("urban", published.zone_set)
    assert county.store.tickets.get_of_report("R1").reports[0].promise == before.promise


def _received(county, time, pin):
    county.clock.at_ms = at(time, 6)
    return take(county, Draft("no_power", pin=pin)).report


def test_a_set_published_for_a_day_to_come_holds_for_calls_received_from_then_on(county, tmp_path):
    everything = zones_file(tmp_path, a_zone(square(0, 0, 20, 10)))
    published = import_zones(county, everything, CHEN, "2026-10-06T09:00:00+08:00")
    assert published.from_at == at("09:00", 6)
    known_late = _received(county, "08:59", None)
    county.clock.at_ms = at("09:05", 6)
    settled = set_place(county, known_late.id, Pin(*T3), "", LI).report
    assert settled.zoned
    after = _received(county, "09:06", Pin(*T3))
    assert (settled.zoned.zone, settled.zoned.zone_set) == ("rural", "2026-1")
    assert (after.zoned.zone, after.zoned.zone_set) == ("urban", published.zone_set)


def test_a_day_begins_at_midnight_of_the_companys_time(county, tmp_path):
    published = import_zones(county, zones_file(tmp_path, a_zone(TOWN.geometry)), CHEN, "2026-10-06")
    assert published.from_at == at("00:00", 6)
    assert county.store.company.zone_set_at(at("00:00", 6) - 1) == "2026-1"


def test_of_two_sets_for_one_day_to_come_the_later_published_holds_and_one_for_now_holds_till_then(
    county, tmp_path
):
    file = zones_file(tmp_path, a_zone(TOWN.geometry))
    first, second = (import_zones(county, file, CHEN, "2026-10-06").zone_set for _ in range(2))
    county.clock.at_ms = at("09:00")
    now = import_zones(county, file, CHEN).zone_set
    held = [county.store.company.zone_set_at(at(time)) for time in ("08:30", "10:00")]
    assert held == ["2026-1", now]
    assert (county.store.company.zone_set_at(at("01:00", 6)), first != second) == (second, True)


@pytest.mark.parametrize(
    ("begins", "why"),
    [("2026-10-04", "never backdated"), ("tomorrow", "neither a day"), ("2026-10-06T08:00:00", "neither"),
     ("2026-13-01", "neither a day"), ("9999-01-01T00:00:00+08:00", "neither")],
)  # fmt: skip
def test_a_set_is_never_backdated_nor_begins_at_an_unclear_time(county, tmp_path, begins, why):
    with pytest.raises(BadInput, match=why):
        import_zones(county, zones_file(tmp_path, a_zone(TOWN.geometry)), CHEN, begins)
    assert [each["id"] for each in county.store.company.list_zone_sets()] == ["2026-1"]


def test_publishing_zones_moves_no_stored_class_and_no_byte_of_a_month(county, tmp_path):
    for place in (T1, T3, T4):
        call(county, "08:00", place)
    send(county, "08:01", "T1", "west")
    done(county, "west", "T1", T1, "08:02", "08:03", "08:20")
    before = [report for name in ("T1", "T2", "T3") for report in ticket(county, name).reports]
    files = _exported(county, tmp_path / "before")
    everything = zones_file(tmp_path, a_zone(square(0, 0, 20, 10), "remote"))
    county.clock.at_ms = at("09:00")
    for begins in ("", "2026-10-06"):
        import_zones(county, everything, CHEN, begins)
    assert [report for name in ("T1", "T2", "T3") for report in ticket(county, name).reports] == before
    assert _exported(county, tmp_path / "after") == files
    assert len(files) >= 4


def _exported(county, folder):
    return {path.name: path.read_bytes() for path in write_month(month(county, "2026-10"), folder, "zh")}


def test_publishing_zones_is_an_event(county, tmp_path):
    import_zones(county, zones_file(tmp_path, a_zone(TOWN.geometry)), CHEN)
    event = county.store.tickets.events_after(0)[-1]
    assert (event.kind, event.by, event.body["polygons"]) == ("zones_published", "Chen", 1)


def test_a_geopackage_in_metres_is_converted(county, tmp_path):
    rows = [{"code": "remote", "name": "far", "priority": 1, "geometry": square(0, 0, 20, 10)}]
    geopandas.GeoDataFrame(rows, crs=4326).to_crs(3857).to_file(tmp_path / "zones.gpkg")
    import_zones(county, tmp_path / "zones.gpkg", CHEN)
    assert call(county, "08:00", T1).report.zoned.zone == "remote"


@pytest.mark.parametrize(
    ("zone", "why"),
    [
        (a_zone(BOW_TIE), r"'the new town' crosses or touches itself: Self-intersection\[120.0"),
        (a_zone(TOWN.geometry, code="suburb"), "has the code 'suburb'"),
        (a_zone(box(700_000, 5_000_000, 800_000, 5_100_000)), "not degrees"),
        (a_zone(TOWN.geometry, priority="high"), "'the new town' has the priority 'high'"),
        (a_zone(TOWN.geometry, priority=1.5), "whole number"),
        (a_zone(TOWN.geometry) | {"geometry": None}, "polygon"),
    ],
    ids=["a bow-tie", "an unknown code", "metres", "a priority in words", "half a priority", "no geometry"],
)
def test_a_zone_that_cannot_be_is_refused_by_name_and_nothing_is_published(county, tmp_path, zone, why):
    with pytest.raises(BadInput, match=why):
        import_zones(county, zones_file(tmp_path, feature(FIELDS), zone), CHEN)
    assert county.store.company.zone_set_at(county.clock()) == "2026-1"
    assert county.store.tickets.head()[0] == 0


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"type": "FeatureCollection", "features": []}', "has no polygons"),
        ('{"type": "FeatureCollection", "features": [', "is not GeoJSON or GeoPackage"),
        ("no zones at all", "is not GeoJSON or GeoPackage"),
        ("", "is not GeoJSON or GeoPackage"),
        ('{"type": "Point", "coordinates": [1, 2]}', "has no code, name, priority"),
        ("code,name,priority\nurban,town,1\n", "is not GeoJSON or GeoPackage"),
        (KML, "is not GeoJSON or GeoPackage"),
    ],
    ids=["no zones", "cut off", "words", "empty", "a bare point", "a table", "KML"],
)
def test_a_file_of_no_zones_is_refused(county, tmp_path, text, why):
    (tmp_path / "zones").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=why):
        import_zones(county, tmp_path / "zones", CHEN)
    assert county.store.company.zone_set_at(county.clock()) == "2026-1"


def test_a_property_that_only_some_zones_have_is_empty_in_the_others(county, tmp_path):
    with_source, without = (
        a_zone(TOWN.geometry, source="plan 7"),
        a_zone(VALLEY.geometry, code="remote", name="dale"),
    )
    del without["properties"]["source"]
    import_zones(county, zones_file(tmp_path, with_source, without), CHEN)
    assert [polygon.source for polygon in county.zones_at(county.clock()).polygons] == ["plan 7", ""]


def test_zones_that_contradict_each_other_are_told_with_their_place(county, tmp_path):
    west, east = (
        a_zone(square(0, 0, 12, 10), "rural", "west"),
        a_zone(square(10, 0, 20, 10), "remote", "east"),
    )
    warnings = import_zones(county, zones_file(tmp_path, west, east), CHEN).warnings
    assert len(warnings) == 1
    assert warnings[0].startswith("'west' and 'east' overlap at 120.09")


def test_a_gap_between_zones_is_told_with_its_place(county, tmp_path):
    ring = Polygon(square(0, 0, 20, 10).exterior, [square(5, 4, 6, 5).exterior])
    warnings = import_zones(county, zones_file(tmp_path, a_zone(ring, "rural", "ring")), CHEN).warnings
    assert warnings == ("no zone covers the gap at 120.04946, 0.04047",)


def test_an_open_strip_between_neighbours_is_told_with_its_place(county, tmp_path):
    west, east = (
        a_zone(square(0, 0, 10, 10), "rural", "west"),
        a_zone(square(10.01, 0, 20, 10), "remote", "east"),
    )
    warnings = import_zones(county, zones_file(tmp_path, west, east), CHEN).warnings
    assert warnings == ("no zone covers the strip beside 'west' at 120.08998, 0.04497: draw one common edge",)


def test_what_a_higher_priority_decides_is_no_contradiction_nor_is_a_strip_of_centimetres(county, tmp_path):
    beside = [
        a_zone(square(0, 0, 10, 10), "rural", "west"),
        a_zone(square(10.0001, 0, 20, 10), "remote", "east"),
    ]
    frame = Polygon(square(-1, -1, 21, 11).exterior, [square(0, 0, 20, 10).exterior])
    around = a_zone(frame, "rural", "around", priority=10)
    town = a_zone(TOWN.geometry, "urban", "town", priority=30)
    two = a_zone(MultiPolygon([square(1, 1, 2, 2), square(3, 1, 4, 2)]), "rural", "same class", priority=20)
    published = import_zones(county, zones_file(tmp_path, *beside, around, town, two), CHEN)
    assert published.warnings == ()


# -- outage notices


TABLE = "outage,kind,cause,published_at,from,to,area\n"
ROW = 'N1,planned,cable,2026-09-20T08:00:00+08:00,2026-10-05T07:00:00+08:00,2026-10-05T12:00:00+08:00,"{}"\n'


def outages(home, *rows):
    path = home / "outages.csv"
    path.write_text(TABLE + "".join(rows), encoding="utf-8")
    return path


def test_a_table_of_notices_answers_the_calls_it_explains(county, tmp_path):
    assert import_outages(county, outages(tmp_path, ROW.format(square(15, 3, 17, 5).wkt)), CHEN) == 1
    assert call(county, "08:00", T4).notice.id == "N1"
    assert county.store.tickets.events_after(0)[0].kind == "outage_published"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (ROW.format("POLYGON (("), "line 3: area is not a WKT polygon"),
        (ROW.format("POINT (120 0)"), "line 3: The area is a Point"),
        (ROW.format(BOW_TIE.wkt), "line 3: The area crosses or touches itself"),
        (ROW.format(TOWN.geometry.wkt).replace("+08:00", ""), "line 3: published_at .* has no offset"),
        (ROW.format(TOWN.geometry.wkt).replace("planned", "sudden"), "line 3: kind 'sudden' is unknown"),
        (ROW.format(TOWN.geometry.wkt).replace("T07", "T13"), "line 3: The outage ends before it begins"),
        (ROW.format(TOWN.geometry.wkt).replace("N1", "N0"), "line 3: outage 'N0' stands in line 2 already"),
        (ROW.format(TOWN.geometry.wkt).replace("N1", "<b>"), "line 3: outage '<b>' must be"),
    ],
)
def test_one_bad_notice_keeps_the_whole_table_out(county, tmp_path, row, why):
    good = ROW.format(TOWN.geometry.wkt).replace("N1", "N0")
    with pytest.raises(BadInput, match=why):
        import_outages(county, outages(tmp_path, good, row), CHEN)
    assert county.store.company.notices() == []


def test_a_notice_gets_the_next_free_id_and_a_taken_one_is_refused(county):
    posted = post_notice(county, notice((0, 0, 1, 1), "07:00", "12:00", name=""), LI)
    assert (posted.id, county.store.company.notices()[0].cause) == ("O1", "new cable")
    with pytest.raises(Conflict, match="O1"):
        post_notice(county, notice((0, 0, 1, 1), "07:00", "12:00", name="O1"), LI)


def test_a_notice_that_cannot_be_is_refused(county):
    with pytest.raises(BadInput, match="ends before it begins"):
        post_notice(county, notice((0, 0, 1, 1), "12:00", "07:00"), LI)
    assert county.store.company.notices() == []


def test_a_report_is_judged_by_the_notices_of_its_own_moment(county):
    post_notice(county, notice((2, 3, 4, 5), "07:00", "08:00"), LI)
    county.clock.at_ms = at("08:10")
    assert call(county, "07:30", T1).outcome == "planned_outage"
    assert call(county, "08:00", T1).outcome == "dispatchable"
