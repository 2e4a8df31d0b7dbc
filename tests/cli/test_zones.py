"""`dispatch zones propose` writes a file for people to judge and publishes nothing."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from dispatch import proposal
from dispatch.cli import commands
from dispatch.config import load
from dispatch.desk import open_desk


@pytest.fixture
def run(config_file, tmp_path, monkeypatch):
    monkeypatch.setenv("DISPATCH_CONFIG", str(config_file))
    monkeypatch.setattr(proposal, "KEPT", tmp_path / "kept.geojson")
    return lambda *args: CliRunner().invoke(commands, ["zones", "propose", *args], catch_exceptions=False)


def test_a_proposal_of_the_sample_finds_its_towns_and_publishes_nothing(run, tmp_path, config_file):
    done = run("--out", str(tmp_path / "proposed.geojson"))
    assert done.exit_code == 0, done.output
    assert "Nothing was published." in done.output
    written = (tmp_path / "proposed.geojson").read_bytes()
    assert written == (tmp_path / "kept.geojson").read_bytes()
    cells = [each["properties"] for each in json.loads(written)["features"]]
    town = next(each for each in cells if each["place"] == "Neubrandenburg")
    assert (town["code"], town["cluster_people"] > 30_000) == ("urban", True)
    assert all(each["code"] == "rural" for each in cells if each["place"] == "Prillwitz")
    desk = open_desk(load(config_file, {}))
    assert desk.store.tickets.events_after(0)[-1].kind == "zones_published"
    assert len(desk.zones_at(desk.clock()).polygons) == 3
    desk.store.database.close()


def test_what_is_odd_in_a_zone_set_is_printed_beside_its_name(config_file, tmp_path, monkeypatch):
    monkeypatch.setenv("DISPATCH_CONFIG", str(config_file))
    ring = [[13.2, 53.5], [13.3, 53.5], [13.3, 53.6], [13.2, 53.6], [13.2, 53.5]]
    zone = {"code": "urban", "name": "town", "priority": 1, "approved_by": "Chen"}
    feature = {"type": "Feature", "properties": zone, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path = tmp_path / "zones.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    done = CliRunner().invoke(commands, ["import", "zones", str(path)], catch_exceptions=False)
    assert done.exit_code == 0
    accounts, roads = done.stderr.splitlines()
    assert accounts.startswith("warning: ")
    assert "of 2000 accounts lie in no zone, such as 13." in accounts
    assert "places by a road of the built area lie in no zone, such as 13." in roads
    assert "in force from 2" in done.stdout


def test_minutes_make_places_remote(run, tmp_path):
    done = run("--out", str(tmp_path / "p.geojson"), "--minutes", "15")
    assert "remote       0 cells" not in done.output


def test_a_minus_number_of_minutes_is_refused(run, tmp_path):
    assert run("--out", str(tmp_path / "p.geojson"), "--minutes", "-1").exit_code == 2
