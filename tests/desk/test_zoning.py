"""Zone sets are checked before they hold, hold only from now on, and give way to the customer's record."""

from __future__ import annotations

import json

import geopandas
import pytest
from shapely.geometry import mapping

from dispatch.config import Zones
from dispatch.desk.month import month
from dispatch.desk.zoning import import_zones
from dispatch.errors import BadInput, Conflict
from dispatch.export import write_month
from tests.desk.county import ACCOUNT, CHEN, T1, T2, T3, T4, call, done, feature, send
from tests.okcounty import FIELDS, TOWN, VALLEY, ZONES, at, spot, square


def zones_file(home, *features, **more):
    path = home / "zones.geojson"
    text = json.dumps({"type": "FeatureCollection", **more, "features": list(features)})
    path.write_text(text, encoding="utf-8")
    return path


def a_zone(geometry, code="urban", **more):
    properties = {"code": code, "name": "new", "priority": 20, "source": "plan 7", "approved_by": "Chen"}
    return {"type": "Feature", "properties": properties | more, "geometry": mapping(geometry)}


EVERYWHERE = a_zone(square(0, 0, 20, 10), "remote")


def warnings_of(county, path):
    return import_zones(county, path, CHEN).warnings


# -- what is odd in a file


def test_the_countys_own_zones_are_published_without_a_word(county, tmp_path):
    assert warnings_of(county, zones_file(tmp_path, *map(feature, ZONES.polygons))) == ()


def test_ground_by_a_road_without_a_zone_is_told_with_a_place(county, tmp_path):
    (said,) = warnings_of(county, zones_file(tmp_path, a_zone(FIELDS.geometry, "rural")))
    assert said.startswith("3000 of 10000 places by a road of the built area lie in no zone, such as 120.1")


def test_an_account_without_a_zone_is_told(county, tmp_path):
    accounts, _ = warnings_of(county, zones_file(tmp_path, a_zone(VALLEY.geometry, "remote")))
    assert accounts.startswith("1 of 1 accounts lie in no zone, such as 120.02698, 0.03597")


def test_a_file_with_lon_and_lat_swapped_is_suspected(county, tmp_path):
    swapped = a_zone(square(0, 0, 20, 10))
    swapped["geometry"]["coordinates"] = [
        [(lat, lon - 90) for lon, lat in swapped["geometry"]["coordinates"][0]]
    ]
    assert all("swapped" in said for said in warnings_of(county, zones_file(tmp_path, swapped)))


def test_a_zone_that_nobody_approved_is_told(county, tmp_path):
    (said,) = warnings_of(county, zones_file(tmp_path, a_zone(square(0, 0, 20, 10), approved_by="")))
    assert said == "nobody is named who approved 'new'"


def test_another_coordinate_system_is_converted_and_told_with_a_place(county, tmp_path):
    rows = [EVERYWHERE["properties"] | {"geometry": square(0, 0, 20, 10)}]
    geopandas.GeoDataFrame(rows, crs=4326).to_crs(3857).to_file(tmp_path / "zones.gpkg")
    said, *_ = warnings_of(county, tmp_path / "zones.gpkg")
    assert said.endswith("WGS 84 / Pseudo-Mercator; converted to WGS-84 it begins at 120.00000, 0.00000")


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_a_file_without_a_coordinate_system_is_read_as_degrees_and_told(county, tmp_path):
    rows = [EVERYWHERE["properties"] | {"geometry": square(0, 0, 20, 10)}]
    geopandas.GeoDataFrame(rows).to_file(tmp_path / "zones.gpkg")
    (said,) = warnings_of(county, tmp_path / "zones.gpkg")
    assert said == (
        "zones.gpkg names no coordinate system; read as lon, lat in WGS-84: it begins at 120.00000, 0.00000"
    )


def test_metres_without_a_coordinate_system_are_refused_with_their_place(county, tmp_path):
    metres = a_zone(square(0, 0, 20, 10))
    metres["geometry"]["coordinates"] = [[[400_000, 5e6], [410_000, 5e6], [410_000, 5.1e6], [400_000, 5e6]]]
    with pytest.raises(BadInput, match=r"not degrees \(lon, lat\) in WGS-84: \[400000 5e\+06\]"):
        import_zones(county, zones_file(tmp_path, metres), CHEN)


def test_heights_are_left_out(county, tmp_path):
    high = a_zone(square(0, 0, 20, 10))
    high["geometry"]["coordinates"] = [[[*place, 55.0] for place in high["geometry"]["coordinates"][0]]]
    import_zones(county, zones_file(tmp_path, high), CHEN)
    assert not county.zones_at(county.clock()).polygons[0].geometry.has_z


def test_a_proposal_is_not_published_before_somebody_approves_it(county, tmp_path):
    with pytest.raises(BadInput, match="is a proposal: whoever decides"):
        import_zones(county, zones_file(tmp_path, a_zone(TOWN.geometry, proposed=True, approved_by="")), CHEN)
    import_zones(county, zones_file(tmp_path, a_zone(TOWN.geometry, proposed=True)), CHEN)


# -- forward only


def test_a_set_older_than_the_one_in_force_is_not_published(county, tmp_path):
    import_zones(county, zones_file(tmp_path, EVERYWHERE), CHEN)
    county.clock.forward(-1)
    with pytest.raises(Conflict, match="published later than this machine's clock"):
        import_zones(county, zones_file(tmp_path, EVERYWHERE), CHEN)


def test_publishing_changes_no_stored_class_and_no_byte_of_a_month(county, tmp_path):
    for time, place in (("08:00", T1), ("08:05", T2), ("08:10", T3), ("08:15", T4)):
        call(county, time, place)
    call(county, "08:16", account_no="7001")
    send(county, "08:16", "T1", "west")
    done(county, "west", "T1", T1, "08:17", "08:18", "08:40", "08:50", "08:51")
    before = zoned(county)
    assert [each.zone for each in before] == ["urban", "urban", "rural", "remote", "urban"]
    first = [path.read_bytes() for path in write_month(month(county, "2026-10"), tmp_path / "one", "zh")]
    county.clock.forward(600)  # by now every promise would be due
    import_zones(county, zones_file(tmp_path, EVERYWHERE), CHEN)
    again = [path.read_bytes() for path in write_month(month(county, "2026-10"), tmp_path / "two", "zh")]
    assert (len(first), first) == (4, again)
    assert call(county, "20:00", spot(4, 4)).report.zoned.zone == "remote"
    assert zoned(county)[:5] == before


def zoned(county):
    tickets = county.store.tickets.list_received(0, at("23:59"))
    return [report.zoned for ticket in tickets for report in ticket.reports]


# -- the customer's own record


def with_class(county, said, rule=None):
    lon, lat = T1
    row = ACCOUNT | {"lon": lon, "lat": lat, "transformer": "", "unit": "U2", "zone": said}
    county.store.company.put_accounts([row])
    if rule:
        county.config = county.config.model_copy(update={"zones": Zones(account_class=rule)})


def of_account(county, place=None):
    zoned = call(county, "08:00", place, account_no="7001").report.zoned
    return zoned.zone, zoned.method, zoned.doubt


@pytest.mark.parametrize(("said", "told"), [("rural", "rural"), ("02", "rural"), ("特殊边远", "remote")])
def test_the_customers_record_wins_and_a_disagreement_is_a_doubt(county, said, told):
    with_class(county, said)
    assert of_account(county) == (told, "account", "account_differs")


def test_a_record_that_agrees_leaves_no_doubt(county):
    with_class(county, "01", "wins")
    assert of_account(county) == ("urban", "account", "")


def test_a_record_may_only_be_shown(county):
    with_class(county, "rural", "shown")
    assert of_account(county) == ("urban", "polygon", "account_differs")


def test_a_record_may_be_ignored(county):
    with_class(county, "rural", "ignored")
    assert of_account(county) == ("urban", "polygon", "")


def test_a_customer_without_a_class_is_zoned_by_the_polygons(county):
    with_class(county, "")
    assert of_account(county) == ("urban", "polygon", "")


def test_a_record_speaks_of_its_own_premises_and_not_of_a_fault_elsewhere(county):
    with_class(county, "remote")
    assert of_account(county, spot(3.1, 4)) == ("remote", "account", "account_differs")
    assert of_account(county, T3) == ("rural", "polygon", "")


def test_where_no_polygon_lies_the_method_is_the_default(county):
    assert call(county, "08:00", spot(25, 4)).report.zoned.method == "default"


def test_a_record_needs_no_polygon(county):
    place = dict(zip(("lon", "lat"), spot(25, 4), strict=True))
    rest = {"transformer": "", "unit": "U2", "zone": "rural"}
    county.store.company.put_accounts([ACCOUNT | place | rest])
    assert of_account(county) == ("rural", "account", "")


def test_the_minutes_follow_the_class_that_won(county):
    with_class(county, "rural")
    call(county, "08:00", account_no="7001")
    assert county.store.tickets.get("T1").reports[0].promise.minutes == 90


def test_a_report_keeps_set_zone_method_and_the_way_to_the_edge(county):
    found = call(county, "08:00", T1).report.zoned
    assert (found.zone_set, found.zone, found.method, found.edge_m) == ("2026-1", "urban", "polygon", 1000.0)
