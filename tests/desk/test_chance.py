"""What is expected of a trip is written down, and what became of it teaches the planner."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.desk import chance, upkeep
from dispatch.desk.assign import options
from dispatch.desk.board import board
from dispatch.desk.intake import set_place
from dispatch.desk.place import Pin, pinned, reached_by
from dispatch.desk.weather import declare_weather
from dispatch.errors import BadInput, SetupError
from dispatch.plan.chance import FEWEST, Learnt, Trip, Work, learn
from dispatch.plan.pace import mean_factor
from tests.desk.county import CHEN, LI, T1, T2, T4, call, done, replan, send, tap, ticket
from tests.okcounty import MINUTE, StraightRoads, at


def expected(desk, name):
    [sent] = [event for event in desk.store.tickets.events(name) if event.kind == "assigned"]
    return sent.body["expected"]


def visited(desk, *times, place=T1):
    """A ticket that its crew goes to at these times of the day."""
    name = call(desk, times[0], place).ticket.id
    replan(desk, times[0])
    done(desk, ticket(desk, name).visit.crew, name, place, *times)
    return name


def test_what_was_expected_of_a_trip_stands_with_its_assignment(county):
    call(county, "08:00", T1)
    replan(county, "08:00")
    said = expected(county, "T1")
    assert said["drive_s"] == pytest.approx(60, abs=1)
    assert (said["road_class"], said["severe"], said["fault"]) == ("secondary", False, "no_power")
    assert said["due_at"] == at("08:45")
    assert said["chance"] == 1


def test_a_crew_sent_by_hand_is_held_against_the_same_expectation(county):
    call(county, "08:00", T4)
    send(county, "08:00", "T1", "east")
    assert expected(county, "T1")["drive_s"] == pytest.approx(180, abs=1)


def test_a_proven_trip_teaches_its_drive_and_its_work(county):
    visited(county, "08:00", "08:01", "08:03", "08:43", "08:44")
    learnt = chance.learn_now(county)
    assert (learnt.drives.count, learnt.works.count) == (1, 1)
    assert learnt.drives.base > 0, "it took two minutes instead of one"


def test_a_trip_that_nothing_proves_teaches_nothing(county):
    call(county, "08:00", T1)
    replan(county, "08:00")
    for kind, time in (("accepted", "08:00"), ("departed", "08:01"), ("arrived", "08:03")):
        assert tap(county, "west", kind, "T1", time).result == "stored"  # without a fix
    assert chance.learn_now(county).drives.count == 0


def test_few_trips_leave_the_planner_with_its_ramp(county):
    visited(county, "08:00", "08:01", "08:03", "08:43", "08:44")
    chance.learn_now(county)
    call(county, "09:00", T4)
    county.clock.at_ms = at("09:00")
    assert all(job.doubt is None for job in board(county, at("09:00")).jobs)


def test_what_was_learnt_is_charged_at_the_next_plan(county):
    slow = [Trip(600, 1200, "secondary", 9, severe=False)] * 50 * FEWEST
    county.store.chances.put_learnt(at("08:00"), learn(slow, []).as_json())
    call(county, "09:00", T4)
    county.clock.at_ms = at("09:00")
    [job] = board(county, at("09:00")).jobs
    assert job.slower == pytest.approx(2, rel=0.01)
    assert job.doubt is not None


class Hilly(StraightRoads):
    """Whoever drives to T4 drives on tracks."""

    def way_class(self, _origin, destination):
        return "track" if destination == T4 else "secondary"


@pytest.fixture
def hilly(county):
    """Drives on tracks take twice as long as the roads say, others as long."""
    vars(county)["roads"] = Hilly()
    drives = [Trip(600, 600, "secondary", 9, severe=False), Trip(600, 1200, "track", 9, severe=False)]
    learnt = learn([each for each in drives for _ in range(50 * FEWEST)], [])
    county.store.chances.put_learnt(at("08:00"), learnt.as_json())
    return county


def test_drives_over_a_slow_class_of_road_are_told_longer_and_others_are_not(hilly):
    for place in (T1, T4):
        call(hilly, "09:00", place)
    replan(hilly, "09:00")
    eta, straight = {}, {"T1": 1, "T4": 3}
    for name in ("T1", "T2"):
        [sent] = [each for each in hilly.store.tickets.events(name) if each.kind == "assigned"]
        eta[name] = (sent.body["eta_at"] - at("09:00")) / MINUTE
        assert sent.body["expected"]["drive_s"] == pytest.approx(
            60 * straight[{"T2": "T4"}.get(name, name)], abs=1
        )
    assert eta["T1"] == pytest.approx(1, rel=0.05)
    assert eta["T2"] == pytest.approx(6, rel=0.05)


def test_the_options_and_a_crew_sent_by_hand_tell_the_same_longer_drive(hilly):
    call(hilly, "09:00", T4)
    [east] = [each for each in options(hilly, "T1") if each.crew == "east"]
    assert east.eta_s == pytest.approx(360, rel=0.05)
    send(hilly, "09:00", "T1", "east")
    assert ticket(hilly, "T1").visit.eta_at == pytest.approx(at("09:00") + 6 * MINUTE, abs=0.3 * MINUTE)
    assert expected(hilly, "T1")["drive_s"] == pytest.approx(180, abs=1)


def test_a_drive_is_told_as_its_own_ticket_has_it_though_another_unit_has_one_there(hilly, monkeypatch):
    """From the first unit's depot tracks lead there, from the second's none."""
    [first, *_] = hilly.store.company.units()
    leads = {first.depot: "track"}
    monkeypatch.setattr(Hilly, "way_class", lambda _self, origin, _site: leads.get(origin, "secondary"))
    for unit in ("U2", "U1"):
        call(hilly, "09:00", T4, unit=unit)
    places = {crew.id: crew.place for crew in board(hilly, at("09:00")).crews}
    [told, *_] = replan(hilly, "09:00").told
    road_s = hilly.roads.matrix([places[told.crew]], [T4])[0, 0]
    assert told.ticket == "T1"
    assert told.travel_s == pytest.approx(road_s, rel=0.05)
    assert expected(hilly, "T1")["drive_s"] == pytest.approx(road_s, rel=0.05), "what is learnt from"


def test_a_crew_on_a_slow_road_is_busy_for_longer(hilly):
    call(hilly, "09:00", T4)
    send(hilly, "09:00", "T1", "east")
    work = hilly.rulebook.faults["no_power"].work_min
    assert free(hilly, "east", "09:00") - at("09:00") == pytest.approx((6 + work) * MINUTE, rel=0.02)


def test_the_doubt_lies_around_what_was_told(hilly):
    call(hilly, "09:00", T1)
    call(hilly, "09:00", T4)
    jobs = board(hilly, at("09:00")).jobs
    assert [each.doubt.drive.centre for each in jobs if each.doubt] == [0, 0]
    assert jobs[1].slower == pytest.approx(2 * jobs[0].slower, rel=0.05)


def test_a_corrected_place_has_the_class_of_its_own_road(hilly):
    report = call(hilly, "09:00", T1).report.id
    assert ticket(hilly, "T1").place.road_class == "secondary"
    set_place(hilly, report, Pin(*T4), "wrong pin", LI)
    assert ticket(hilly, "T1").place.road_class == "track"


def test_neither_a_plan_nor_the_options_ever_wait_for_a_route(hilly, monkeypatch):
    for place in (T1, T2, T4):
        call(hilly, "09:00", place)
    for asked in ("route", "way_class"):
        monkeypatch.setattr(Hilly, asked, lambda *_: pytest.fail("a route was asked"))
    assert options(hilly, "T3")
    assert replan(hilly, "09:00").told


def test_a_place_kept_before_it_had_a_class_is_driven_to_as_the_rest(hilly):
    call(hilly, "09:00", T4)
    ahead, known = chance.outlook(hilly, at("09:00")), ticket(hilly, "T1")
    [report] = known.reports
    old = replace(known, reports=(replace(report, place=replace(report.place, road_class="")),))
    assert ahead.slower_to(old) == ahead.slower
    assert ahead.width_to(old) == ahead.learnt.drives.width


def test_where_no_area_is_built_a_place_has_no_class(county):
    class Nowhere:
        def bring(self, *_):
            raise SetupError("there is no built area")

    county.applied = Nowhere()
    place = pinned(Pin(*T1), "pin", "Li")
    assert reached_by(county, place, "U1") == place


def test_how_sure_a_crew_is_free_depends_on_the_kind_of_its_work(county):
    sure = [Work(3600, 3600, "no_power")] * 50 * FEWEST
    unsure = [Work(3600, 3600 * factor, "wire_down") for factor in (0.5, 2.0)] * 25 * FEWEST
    drives = [Trip(600, 600, "secondary", 9, severe=False)] * 50 * FEWEST
    county.store.chances.put_learnt(at("08:00"), learn(drives, sure + unsure).as_json())
    for fault, place in (("no_power", T1), ("wire_down", T4)):
        call(county, "09:00", place, fault)
    send(county, "09:00", "T1", "west")
    send(county, "09:00", "T2", "east")
    widths = {crew.id: crew.free_width or 0.0 for crew in board(county, at("09:00")).crews}
    assert 0 < widths["west"] < 0.2 < widths["east"]


def test_a_day_old_lesson_is_learnt_anew_and_a_fresh_one_kept(county):
    county.clock.at_ms = at("08:00")
    chance.learn_if_old(county)
    county.clock.at_ms += 23 * 60 * MINUTE
    chance.learn_if_old(county)
    assert county.store.chances.learnt()[0] == at("08:00")
    county.clock.at_ms += 60 * MINUTE
    chance.learn_if_old(county)
    assert county.store.chances.learnt()[0] == at("08:00", day=6)


def test_a_clock_set_back_does_not_keep_an_old_lesson_for_ever(county):
    county.store.chances.put_learnt(at("08:00", day=7), Learnt().as_json())
    county.clock.at_ms = at("08:00")
    chance.learn_if_old(county)
    assert county.store.chances.learnt()[0] == at("08:00")


def test_arrivals_are_held_against_what_was_said(county):
    visited(county, "08:00", "08:01", "08:03", "08:43", "08:44")  # in time, as was said
    call(county, "09:00", T4)
    send(county, "09:00", "T2", "east")  # two hours for the valley; nobody has arrived when they are over
    county.clock.at_ms = at("12:00")
    found = chance.calibration(county)
    assert [(each.count, each.came) for each in found.bins] == [(2, 0.5)]
    assert found.brier == pytest.approx(0.5)


def test_the_ramp_that_it_is_held_against_is_the_company_s_own(county):
    """There in 3 of 120 minutes: certain by the usual ramp, half so by one that is twice the 117 left."""
    call(county, "09:00", T4)
    send(county, "09:00", "T1", "east")
    done(county, "east", "T1", T4, "09:00", "09:01", "09:04")
    assert chance.calibration(county).brier_ramp == 0
    for own in ({"ramp_min": 234.0, "ramp_share": 0.0}, {"ramp_min": 0.0, "ramp_share": 78.0}):
        plan = county.config.plan.model_copy(update=own)
        county.config = county.config.model_copy(update={"plan": plan})
        assert chance.calibration(county).brier_ramp == pytest.approx(0.25, abs=0.01)


def test_a_trip_still_under_way_says_nothing_yet(county):
    call(county, "09:00", T4)
    send(county, "09:00", "T1", "east")
    county.clock.at_ms = at("09:30")
    assert chance.calibration(county).count == 0


def test_a_time_that_holds_nothing_is_refused(county):
    with pytest.raises(BadInput, match="Nothing lies"):
        chance.calibration(county, at("09:00"), at("09:00"))


def test_the_row_stays_the_fold_of_its_timeline(county):
    visited(county, "08:00", "08:01", "08:03", "08:43", "08:44")
    declare_weather(county, "storm", at("10:00"), at("12:00"), CHEN)
    assert upkeep.check(county) == []


def slow_morning(desk):
    """Drives of two minutes that should take one, works of 70 minutes that should take 35."""
    for hour in (8, 10, 12):
        times = (
            f"{hour:02d}:00",
            f"{hour:02d}:01",
            f"{hour:02d}:03",
            f"{hour + 1:02d}:13",
            f"{hour + 1:02d}:14",
        )
        visited(desk, *times)


def test_works_that_last_longer_today_keep_crews_busy_longer_before_anything_is_learnt(county):
    slow_morning(county)
    usual, today = (chance.outlook(county, at(time)).work for time in ("08:00", "13:15"))
    assert mean_factor(usual) == pytest.approx(1)
    assert 1.1 < mean_factor(today) < 2
    call(county, "13:20", T1)
    replan(county, "13:20")
    [busy] = [crew for crew in board(county, at("13:20")).crews if crew.free_at_ms > at("13:20")]
    assert busy.free_at_ms > at("13:20") + (35 * 1.1 + 1) * MINUTE


def test_drives_that_take_longer_today_are_told_longer_and_learnt_from_by_the_roads_own_time(county):
    slow_morning(county)
    call(county, "13:30", T1)
    replan(county, "13:30")
    [sent] = [each for each in county.store.tickets.events("T4") if each.kind == "assigned"]
    assert sent.body["eta_at"] > at("13:30") + 66_000
    assert sent.body["expected"]["drive_s"] == pytest.approx(60, abs=1)


def test_yesterdays_storm_is_over(county):
    slow_morning(county)
    assert chance.outlook(county, at("13:15") + 7 * 60 * MINUTE).slower == 1


def test_a_clock_set_back_learns_nothing_from_what_is_still_to_come(county):
    slow_morning(county)
    assert chance.outlook(county, at("08:30")).slower < chance.outlook(county, at("13:15")).slower
    assert chance.outlook(county, at("07:00")).slower == 1


def test_who_is_overdue_at_work_is_not_free_in_a_minute(county):
    call(county, "08:00", T1)
    replan(county, "08:00")
    who = ticket(county, "T1").visit.crew
    for kind, time in (("accepted", "08:00"), ("departed", "08:01"), ("arrived", "08:02")):
        assert tap(county, who, kind, "T1", time, T1).result == "stored"
    left = {time: free(county, who, time) - at(time) for time in ("08:02", "08:32", "08:37", "10:00")}
    assert left["08:02"] == pytest.approx(35 * MINUTE, abs=1000)
    assert 5 * MINUTE < left["08:37"] < left["08:32"] < left["08:02"]
    assert left["10:00"] > 5 * MINUTE


def free(desk, who, time):
    """When the board expects the crew to be free."""
    [crew] = [each for each in board(desk, at(time)).crews if each.id == who]
    return crew.free_at_ms
