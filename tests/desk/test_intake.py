"""From the call to the promise: what is taken, what it is promised, and what is answered without a trip."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest
from shapely.geometry import box, mapping

from dispatch.desk.intake import Draft, RequestKey, answer_for, resolve, set_place
from dispatch.desk.place import Pin
from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.store.people import Caller, Person
from tests.desk.county import LI, T1, T2, T3, T4, WANG, call, feature, kinds, notice, send, take, tap, ticket
from tests.okcounty import FIELDS, MINUTE, StraightRoads, at, spot


def test_a_report_opens_a_ticket_of_its_own_and_is_promised_from_the_call(county):
    county.clock.at_ms = at("08:07")
    told = take(county, Draft("no_power", received_at=at("08:00"), pin=Pin(*T1)), LI)
    assert (told.outcome, told.ticket.state, told.report.first_ticket) == ("dispatchable", "waiting", "T1")
    assert (told.report.promise.zone, told.report.promise.due_at) == ("urban", at("08:45"))
    assert kinds(county, "T1") == ["received", "located", "promised"]


@pytest.mark.parametrize(
    ("place", "zone", "due"), [(T1, "urban", "08:45"), (T3, "rural", "09:30"), (T4, "remote", "10:00")]
)
def test_the_zone_of_the_place_decides_the_minutes(county, place, zone, due):
    promise = call(county, "08:00", place).report.promise
    assert (promise.zone, promise.due_at) == (zone, at(due))


def test_the_shadow_policy_is_promised_beside_the_binding_one(county):
    report = call(county, "08:00", T1).report
    assert (report.promise.policy, report.promise.minutes) == ("state-grid", 45)
    assert [(each.policy, each.minutes) for each in report.shadows] == [("supervision-2009", 60)]


def test_where_no_polygon_lies_the_strictest_promise_holds_and_the_doubt_is_kept(county):
    zoned = call(county, "08:00", spot(25, 4)).report.zoned
    assert (zoned.zone, zoned.doubt) == ("urban", "no_polygon")


def test_a_place_said_with_the_call_outweighs_account_and_address(county):
    told = call(county, "08:00", T3, account_no="7001", address="Market 1")
    assert (told.report.place.method, told.report.place.lonlat) == ("given", T3)


def test_an_account_outweighs_an_address(county):
    told = call(county, "08:00", account_no="7001", address="Market 1")
    assert (told.report.place.method, told.report.place.lonlat) == ("account", T1)


def test_an_unknown_account_falls_through_to_the_address(county):
    told = call(county, "08:00", account_no="9999", address="Market 1")
    assert (told.report.place.method, told.report.place.lonlat) == ("address", T2)
    assert told.report.account_no == "9999", "what the caller said is kept"


def test_an_address_that_could_mean_two_places_asks_the_desk(county):
    told = call(county, "08:00", address="Church Road")
    assert (told.outcome, told.ticket.state, told.report.place) == ("needs_place", "needs_place", None)
    shown = [candidate.label for candidate in answer_for(county, "R1").candidates]
    assert shown == [each.label for each in told.candidates] == ["Church Road, Hill", "Church Road, Dale"]


def test_nothing_said_about_the_place_still_makes_a_report(county):
    assert call(county, "08:00").outcome == "needs_place"


def test_a_report_pinned_later_is_promised_from_the_call(county):
    call(county, "08:00")
    county.clock.forward(20)
    assert set_place(county, "R1", Pin(*T3), "", LI).outcome == "dispatchable"
    report = ticket(county, "T1").reports[0]
    assert (report.promise.due_at, report.place.method) == (at("09:30"), "pin")


def test_a_new_pin_moves_the_ticket_but_never_the_promise(county):
    promise = call(county, "08:00", T1).report.promise
    set_place(county, "R1", Pin(*T4), "the caller meant the valley", LI)
    assert (ticket(county, "T1").place.lonlat, ticket(county, "T1").reports[0].promise) == (T4, promise)
    assert kinds(county, "T1").count("promised") == 1


def test_a_place_is_not_changed_without_a_reason(county):
    call(county, "08:00", T1)
    with pytest.raises(BadInput, match="say why"):
        set_place(county, "R1", Pin(*T3), "  ", LI)
    assert ticket(county, "T1").place.lonlat == T1


def test_a_report_that_needs_no_trip_is_not_placed_again(county):
    call(county, "08:00", T1)
    resolve(county, "R1", "by_phone", "", LI)
    with pytest.raises(Conflict, match="by_phone"):
        set_place(county, "R1", Pin(*T3), "moved", LI)


class Watched(StraightRoads):
    """Roads that are never asked while the desk writes; `meanwhile` happens while a way's class is found."""

    def __init__(self, desk, meanwhile=lambda: None):
        super().__init__()
        self.desk, self.meanwhile = desk, meanwhile

    def way_class(self, origin, destination):
        assert not self.desk.store.database.db.conn.in_transaction
        self.meanwhile()
        return super().way_class(origin, destination)

    def matrix(self, origins, destinations):
        assert not self.desk.store.database.db.conn.in_transaction
        return super().matrix(origins, destinations)


def test_nobody_waits_to_write_while_a_way_to_the_new_place_is_searched(county):
    call(county, "08:00")
    searched = []
    vars(county)["roads"] = Watched(county, lambda: searched.append(1))
    assert set_place(county, "R1", Pin(*T3), "", LI).outcome == "dispatchable"
    assert searched == [1]


def test_a_report_resolved_while_its_new_place_is_looked_at_keeps_the_old_one(county):
    call(county, "08:00", T1)
    vars(county)["roads"] = Watched(county, lambda: resolve(county, "R1", "by_phone", "", WANG))
    with pytest.raises(Conflict, match="by_phone"):
        set_place(county, "R1", Pin(*T3), "moved", LI)
    assert ticket(county, "T1").reports[0].place.lonlat == T1


def test_a_report_placed_by_somebody_else_meanwhile_is_not_moved_without_a_reason(county):
    call(county, "08:00")

    def meanwhile():
        vars(county)["roads"] = StraightRoads()
        set_place(county, "R1", Pin(*T1), "", WANG)

    vars(county)["roads"] = Watched(county, meanwhile)
    with pytest.raises(BadInput, match="say why"):
        set_place(county, "R1", Pin(*T3), "", LI)
    assert ticket(county, "T1").place.lonlat == T1


def test_a_place_in_a_chinese_datum_is_converted_and_its_raw_value_kept(county):
    capital = feature(FIELDS) | {"geometry": mapping(box(116, 39, 117, 40))}
    county.store.company.publish_zones("2026-2", at("00:00"), "Chen", [capital])
    place = take(county, Draft("no_power", pin=Pin(116.404, 39.915, "gcj02")), LI).report.place
    assert (place.datum, place.raw) == ("gcj02", (116.404, 39.915))
    assert 0.001 < abs(place.lon - 116.404) < 0.01


def test_a_datum_nobody_knows_is_refused(county):
    with pytest.raises(BadInput, match="datum"):
        take(county, Draft("no_power", pin=Pin(*T1, "ed50")), LI)
    assert county.store.tickets.head()[0] == 0


def test_a_planned_outage_over_the_place_answers_without_a_trip(county):
    county.store.company.put_notices([notice((2, 3, 4, 5), "07:00", "12:00")])
    told = call(county, "08:00", T1)
    assert (told.outcome, told.ticket.state, told.notice.id) == ("planned_outage", "no_trip", "O1")
    assert (told.report.promise, told.nearby) == (None, ())
    assert kinds(county, "T1") == ["received", "located", "explained"]


@pytest.mark.parametrize("danger", ["wire_down", "fire_or_shock"])
def test_a_planned_outage_explains_no_danger(county, danger):
    county.store.company.put_notices([notice((2, 3, 4, 5), "07:00", "12:00")])
    told = call(county, "08:00", T1, fault=danger)
    assert (told.outcome, told.notice) == ("dispatchable", None)
    assert told.report.promise is not None


@pytest.mark.parametrize(
    "other",
    [
        notice((9, 3, 11, 5), "07:00", "12:00"),
        notice((2, 3, 4, 5), "06:00", "07:59"),
        notice((2, 3, 4, 5), "07:00", "12:00", published="08:30"),
    ],
    ids=["elsewhere", "over before the call", "not yet published at the call"],
)
def test_another_outage_explains_nothing(county, other):
    county.store.company.put_notices([other])
    assert call(county, "08:00", T1).outcome == "dispatchable"


class Detour(StraightRoads):
    """A county whose river makes the nearer depot the farther one; beyond 20 km east no road leads."""

    def matrix(self, origins, destinations):
        import numpy as np

        drives = [
            [900.0 if origin[0] < spot(10, 0)[0] else 300.0 for _ in destinations] for origin in origins
        ]
        nowhere = [lon > spot(20, 0)[0] for lon, _ in destinations]
        return np.where(nowhere, np.inf, drives)


def test_the_unit_is_the_one_with_the_shortest_drive_not_the_nearest(county):
    vars(county)["roads"] = Detour()
    assert call(county, "08:00", T1).report.unit == "U2"


def test_where_no_road_leads_the_nearest_unit_serves(county):
    vars(county)["roads"] = Detour()
    assert call(county, "08:00", spot(21, 4)).report.unit == "U2"
    assert call(county, "08:00", spot(-4, 4)).report.unit == "U2"


def test_the_unit_that_was_said_or_that_the_account_belongs_to_serves(county):
    assert call(county, "08:00", T4, unit="U1").report.unit == "U1"
    assert call(county, "08:00", account_no="7001").report.unit == "U2"


def test_a_new_place_brings_its_own_unit_unless_one_was_said(county):
    derived, said = call(county, "08:00", T1), call(county, "08:01", T1, unit="U2")
    assert derived.report.unit == "U1"
    moved = set_place(county, derived.report.id, Pin(*T4), "the caller meant the valley", LI)
    assert moved.report.unit == "U2"
    kept = set_place(county, said.report.id, Pin(*T1), "the other side of the street", LI)
    assert kept.report.unit == "U2"


def test_an_unknown_unit_is_refused_and_the_known_ones_are_named(county):
    with pytest.raises(BadInput, match="U1, U2"):
        call(county, "08:00", T1, unit="U9")
    assert county.store.tickets.head()[0] == 0


def test_a_call_in_the_future_is_refused_but_a_clock_two_minutes_ahead_is_not(county):
    ahead = Draft("no_power", received_at=at("08:02"), pin=Pin(*T1))
    assert take(county, ahead, LI).report.received_at == at("08:02")
    with pytest.raises(BadInput, match="future"):
        take(county, replace(ahead, received_at=at("08:02") + 1), LI)


def test_who_called_is_kept_apart_from_the_timeline(county):
    told = call(county, "08:00", T1, caller=Caller("Zhou", "555-0101"))
    assert county.store.people.find_caller(told.report.id) == Caller("Zhou", "555-0101")
    said = json.dumps([dict(event.body) for event in county.store.tickets.events("T1")])
    assert "Zhou" not in said
    assert "555-0101" not in said


@pytest.mark.parametrize(
    "note", ["停电了 ⚡😱", "<script>alert(1)</script>", "x" * 10_000, "'; DROP TABLE event; --"]
)
def test_any_text_is_kept_as_it_was_said(county, note):
    assert call(county, "08:00", T1, note=note).report.note == note
    assert ticket(county, "T1").reports[0].note == note


def test_a_simulated_caller_makes_a_simulated_report(county):
    assert call(county, "08:00", T1, by=Person("simulated caller", "intake", simulated=True)).report.simulated


# -- a request that is repeated


KEY = RequestKey("case-1", "hash of the body")


def test_the_same_request_again_answers_for_the_first_report(county):
    draft = Draft("no_power", pin=Pin(*T1))
    first = take(county, draft, LI, KEY)
    county.clock.forward(5)
    assert take(county, draft, LI, KEY) == first
    assert county.store.tickets.find("T2") is None


def test_the_same_key_with_another_body_is_refused(county):
    take(county, Draft("no_power", pin=Pin(*T1)), LI, KEY)
    with pytest.raises(Conflict, match="new key"):
        take(county, Draft("partial", pin=Pin(*T1)), LI, replace(KEY, body_hash="another"))


def test_the_keys_of_two_senders_do_not_meet(county):
    draft = Draft("no_power", pin=Pin(*T1))
    assert take(county, draft, LI, KEY).report.id == "R1"
    assert take(county, draft, WANG, KEY).report.id == "R2"


def test_two_requests_at_once_with_the_same_key_make_one_report(county):
    start, made = threading.Barrier(4), []

    def send_in():
        start.wait()
        made.append(take(county, Draft("no_power", pin=Pin(*T1)), LI, KEY).report.id)
        county.store.database.close()

    threads = [threading.Thread(target=send_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == ["R1"] * 4
    assert county.store.tickets.find("T2") is None


def test_there_is_no_such_report(county):
    for act in (
        lambda: resolve(county, "R9", "by_phone", "", LI),
        lambda: set_place(county, "R9", Pin(*T1), "", LI),
    ):
        with pytest.raises(NotFound, match="R9"):
            act()


def test_the_clock_set_back_an_hour_loses_no_order(county):
    call(county, "09:00", T1)
    call(county, "08:00", T2)
    send(county, "08:01", "T1", "west")
    tap(county, "west", "accepted", "T1", "08:02")
    assert [event.seq for event in county.store.tickets.events("T1")] == [1, 2, 3, 7, 8]
    assert ticket(county, "T1").state == "accepted"
    assert ticket(county, "T1").dues == (at("09:00") + 45 * MINUTE,)
