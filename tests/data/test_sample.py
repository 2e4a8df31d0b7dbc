"""The sample company: made from the extract alone, the same every time, and fit to be imported."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from datetime import datetime, timedelta

import pytest
import shapely

from data.sample.make_sample import HERE, main

MADE = (
    "accounts.csv",
    "crews.csv",
    "outages.csv",
    "transformers.csv",
    "units.csv",
    "users.csv",
    "zones.geojson",
)


def rows(name):
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def zones():
    features = json.loads((HERE / "zones.geojson").read_text(encoding="utf-8"))["features"]
    return {f["properties"]["code"]: shapely.from_geojson(json.dumps(f["geometry"])) for f in features}


def on_duty(crew, hour):
    start, end = (int(time[:2]) for time in crew["shift"].split("-"))
    return start <= hour < end if start < end else hour >= start or hour < end


@pytest.fixture(scope="module")
def made_again(tmp_path_factory):
    out = tmp_path_factory.mktemp("sample")
    main(out)
    return out


@pytest.mark.parametrize("name", MADE)
def test_making_the_sample_again_changes_no_byte(made_again, name):
    assert (made_again / name).read_bytes() == (HERE / name).read_bytes()


def test_the_script_writes_nothing_but_the_named_files(made_again):
    assert sorted(path.name for path in made_again.iterdir()) == sorted(MADE)


def test_the_extract_is_the_one_that_the_readme_describes():
    digest = hashlib.sha256((HERE / "neubrandenburg-2016.osm.pbf").read_bytes()).hexdigest()
    assert digest in (HERE.parent / "README.md").read_text(encoding="utf-8")


def test_at_any_hour_two_crews_of_each_skill_are_on_duty():
    for hour in range(24):
        skills = Counter(
            s for crew in rows("crews.csv") if on_duty(crew, hour) for s in crew["skills"].split(";")
        )
        assert min(skills[skill] for skill in ("lv", "hv", "meter")) >= 2, hour


def test_crews_belong_to_units_and_start_at_their_depots():
    depots = {unit["unit"]: (unit["depot_lon"], unit["depot_lat"]) for unit in rows("units.csv")}
    crews = rows("crews.csv")
    assert len(depots) == 3
    assert [crew["crew"] for crew in crews] == [f"C{number}" for number in range(1, 9)]
    assert all((crew["depot_lon"], crew["depot_lat"]) == depots[crew["unit"]] for crew in crews)


def test_zones_cover_the_map_without_gap_or_overlap():
    parts = list(zones().values())
    assert all(shapely.is_valid(part) for part in parts)
    assert shapely.coverage_is_valid(parts)
    assert shapely.equals(shapely.union_all(parts), shapely.box(13.093, 53.418, 13.436, 53.626))


def test_every_account_lies_in_the_zone_it_names():
    polygons = zones()
    accounts = rows("accounts.csv")
    assert all(
        shapely.intersects_xy(polygons[account["zone"]], float(account["lon"]), float(account["lat"]))
        for account in accounts
    )
    assert all(count >= 50 for count in Counter(account["zone"] for account in accounts).values())
    assert {account["zone"] for account in accounts} == {"urban", "rural", "remote"}


def test_two_thousand_accounts_have_their_own_number_address_and_phone():
    accounts = rows("accounts.csv")
    for column in ("account_no", "address", "phone"):
        assert len({account[column] for account in accounts}) == 2000, column
    assert all(len(account["account_no"]) == 10 and account["account_no"].isdigit() for account in accounts)


def test_every_account_hangs_on_a_transformer_and_a_unit_that_exist():
    transformers = {row["transformer"] for row in rows("transformers.csv")}
    units = {row["unit"] for row in rows("units.csv")}
    assert all(row["transformer"] in transformers and row["unit"] in units for row in rows("accounts.csv"))


def test_a_substation_keeps_its_real_name():
    assert {"Fünfeichen", "Warliner Straße", "Zirzow"} <= {row["name"] for row in rows("transformers.csv")}


def test_outage_notices_have_an_area_and_are_announced_seven_days_ahead():
    notices = rows("outages.csv")
    assert len(notices) == 2
    for notice in notices:
        published, start, end = (datetime.fromisoformat(notice[at]) for at in ("published_at", "from", "to"))
        assert published + timedelta(days=7) <= start < end
        assert start.utcoffset() == timedelta(hours=8)
        assert shapely.is_valid(shapely.from_wkt(notice["area"]))


def test_there_is_one_user_for_each_role_with_a_password_marked_as_sample():
    users = rows("users.csv")
    assert [user["role"] for user in users] == ["dispatcher", "crew", "supervisor", "auditor", "intake"]
    assert [user["crew"] for user in users if user["role"] == "crew"] == ["C1"]
    assert all(user["password"].startswith("sample-only-") for user in users)
