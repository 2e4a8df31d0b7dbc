"""The page of chances: what was said against what came, for readers; nothing yet is said as such."""

from __future__ import annotations

import json

import pytest

from dispatch.clock import now_ms
from dispatch.paths import TEXTS
from dispatch.plan.chance import Trip, learn
from dispatch.roads.speeds import default_speeds
from dispatch.store.chances import Sent

PAGE, FIGURES = "/calibration", "/api/calibration"


@pytest.fixture
def trips(client, monkeypatch):
    """Two trips of which one came in time, as was said of both; and drives enough to go by."""
    now, expected = now_ms(), {"chance": 0.9, "due_at": now_ms() - 60_000}
    sent = [
        Sent(now - 600_000, expected, now - 300_000, None, arrived, None, "A", ())
        for arrived in (now - 200_000, now - 1000)
    ]
    monkeypatch.setattr(type(client.desk.store.chances), "list_sent", lambda *_: sent)
    learnt = learn([Trip(600, 900, "primary", 9, severe=True)] * 100, [])
    client.desk.store.chances.put_learnt(now, learnt.as_json())


@pytest.mark.parametrize("role", ["dispatcher", "supervisor", "auditor"])
def test_before_any_trip_the_page_says_so(client, role):
    told = client.get(FIGURES, role).json
    assert (told["count"], told["brier"], told["enough"]) == (0, None, False)
    assert client.get(PAGE, role).status_code == 200


@pytest.mark.usefixtures("trips")
def test_what_was_said_stands_beside_what_came(client):
    told = client.get(FIGURES, "supervisor").json
    assert told["bins"] == [{"low": 0.9, "high": 1.0, "count": 2, "said": 0.9, "came": 0.5}]
    assert told["brier"] == pytest.approx((0.1**2 + 0.9**2) / 2)
    assert told["enough"]
    assert told["drives"]["factors"]["class:primary"] > 1.2
    page = client.get(PAGE, "supervisor").text
    assert "<circle" in page
    assert "主要干道" in page


@pytest.mark.parametrize("time", ["yesterday", "2026-10-03T08:15:00", "2026-13-40T00:00:00+08:00"])
def test_a_time_that_is_none_is_refused_by_name(client, time):
    answer = client.get(FIGURES, "auditor", query_string={"from": time})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "from"


def test_every_class_of_road_that_is_driven_has_a_name_in_both_languages():
    for language in ("en", "zh"):
        known = json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))
        assert {f"calibration.road.{each}" for each in default_speeds().class_kmh} <= known.keys()
