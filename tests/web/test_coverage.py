from __future__ import annotations

from shapely.geometry import shape

from tests.web.conftest import assert_problem


def test_it_is_geojson_with_the_accounts_of_each_hole(client):
    client.desk.clock.at_ms += 12 * 3_600_000  # at midnight one crew is left
    found = client.get("/api/coverage?zone_limit=true").json
    assert found["type"] == "FeatureCollection"
    assert found["accounts"] == 2000
    assert found["uncovered"] == sum(each["properties"]["accounts"] for each in found["features"])
    for each in found["features"]:
        assert each["type"] == "Feature"
        assert shape(each["geometry"]).is_valid
        eta_s, limit_s = each["properties"]["eta_s"], each["properties"]["limit_s"]
        assert eta_s is None or eta_s > limit_s


def test_nothing_changed_is_not_sent_twice(client):
    tag = client.get("/api/coverage").headers["ETag"]
    assert client.get("/api/coverage", headers={"If-None-Match": tag}).status_code == 304


def test_another_limit_is_refused_by_name(client):
    told = assert_problem(client.get("/api/coverage?zone_limit=false"), 422)
    assert [each["field"] for each in told["errors"]] == ["zone_limit"]
