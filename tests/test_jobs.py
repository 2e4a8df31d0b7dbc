"""What happens by itself: a plan after every change and by the timetable, one leader, no giving up."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import contextmanager
from functools import partial

import pytest

from dispatch import jobs
from dispatch import plan as planning
from dispatch.crew import Unit
from dispatch.desk import alerts, assign, standby, upkeep
from dispatch.desk.chain import Chain
from dispatch.desk.out_of_service import put_out
from dispatch.errors import Conflict, SetupError
from dispatch.store.closures import Closure
from tests.desk.county import LI, T1, T2, T3, call, config_of, open_county, tap, ticket
from tests.desk.test_coverage import live
from tests.okcounty import at, spot


@pytest.fixture
def county(tmp_path):
    """A county whose database is named in its configuration, as a process finds it."""
    desk = open_county(tmp_path)
    desk.config = config_of(desk)
    yield desk
    assert upkeep.check(desk) == []
    desk.store.database.close()


@pytest.fixture
def quick(monkeypatch):
    """A timetable that looks often."""
    monkeypatch.setattr(jobs, "LOOK_S", 0.005)


@contextmanager
def at_work(desk, beat=lambda: None):
    """The jobs process in a thread, until the test is done with it."""
    stop = threading.Event()

    def lead():
        jobs.run(desk, stop, beat)
        desk.store.database.close()

    thread = threading.Thread(target=lead)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=20)
    assert not thread.is_alive()


def wait_until(holds):
    """Give the other thread ten seconds; it takes milliseconds."""
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until, "nothing happened within 10 s"
        time.sleep(0.005)


def crew_of(desk, name):
    visit = ticket(desk, name).visit
    return visit and visit.crew


@pytest.mark.usefixtures("quick")
def test_a_report_is_given_to_a_crew_without_anybody_asking(county):
    with at_work(county):
        call(county, "08:00", T1)
        wait_until(lambda: crew_of(county, "T1") == "west")
        call(county, "08:01", T3)
        wait_until(lambda: crew_of(county, "T2") == "east")


@pytest.mark.usefixtures("quick")
def test_what_waited_when_the_process_began_is_planned_at_once(county):
    call(county, "08:00", T1)
    with at_work(county):
        wait_until(lambda: crew_of(county, "T1") == "west")


@pytest.mark.usefixtures("quick")
def test_the_beginning_and_the_end_of_a_closure_are_planned_at_once(county):
    """Written by another process; nothing is written when it begins or ends."""
    begin, end = at("09:00"), at("10:00")
    closure = Closure("X1", {"type": "LineString", "coordinates": [T1, T2]}, 0.0, begin, end, "flood")
    applied: list[int] = []
    vars(county.roads)["apply"] = lambda closures: applied.append(len(closures))
    with at_work(county):
        county.store.closures.add(closure)
        for moment in (begin, end):
            county.clock.at_ms = moment
            wait_until(lambda moment=moment: (county.store.company.last_plan() or [0])[0] == moment)
    assert applied == [1, 0]


@pytest.mark.usefixtures("quick")
def test_a_crew_whose_time_out_of_service_is_over_is_planned_at_once_and_written_down(county, monkeypatch):
    """Nothing is written when its time is over."""
    monkeypatch.setattr(jobs, "TEND_S", 0.2)
    call(county, "09:00", T1)
    for crew in ("west", "east"):
        put_out(county, crew, "van", LI, until_at=at("10:00"))
    with at_work(county):
        wait_until(county.store.company.last_plan)
        assert crew_of(county, "T1") is None
        county.clock.at_ms = at("10:00")
        wait_until(lambda: crew_of(county, "T1"))
        wait_until(lambda: county.store.out_of_service.list_run_out(at("10:00")) == [])
    assert [e.by for e in county.store.tickets.events("") if e.kind == "crew_in_service"] == ["planner"] * 2


@pytest.mark.usefixtures("quick")
def test_a_crew_that_declines_is_replaced(county):
    with at_work(county):
        call(county, "08:00", T1)
        wait_until(lambda: crew_of(county, "T1") == "west")
        tap(county, "west", "declined", "T1", "08:01")
        wait_until(lambda: crew_of(county, "T1") == "east")


@pytest.mark.usefixtures("quick")
def test_a_plan_that_fails_is_logged_and_the_next_change_is_planned(county, monkeypatch, caplog):
    replan, failures = assign.replan, iter([True])

    def fail_once(desk, chain):
        if next(failures, False):
            raise ValueError("a bug of ours")
        return replan(desk, chain)

    monkeypatch.setattr(assign, "replan", fail_once)
    with at_work(county):
        wait_until(lambda: "a plan failed" in caplog.text)
        call(county, "08:00", T1)
        wait_until(lambda: crew_of(county, "T1") == "west")
    assert "a bug of ours" in caplog.text


def test_a_plan_that_always_fails_is_not_tried_in_a_hurry(county, monkeypatch, caplog):
    def fail(*_):
        raise ValueError("a bug of ours")

    monkeypatch.setattr(assign, "replan", fail)
    planner = jobs.Planner(county)
    before = planner.beat
    for _ in range(5):
        planner.look()
    assert caplog.text.count("a plan failed") == 1
    assert planner.beat > before


def test_a_second_jobs_process_is_refused_with_a_clear_word(county):
    with (
        upkeep.leading(county.config),
        pytest.raises(Conflict, match=r"dispatch is at work on .*; stop it first"),
    ):
        jobs.run(county, threading.Event())


@pytest.mark.usefixtures("quick")
def test_a_process_that_ended_makes_room_for_the_next(county):
    for name in ("T1", "T2"):
        with at_work(county):
            call(county, "08:00", T1 if name == "T1" else T2)
            wait_until(lambda name=name: crew_of(county, name) is not None)


def test_without_a_built_area_it_ends_with_what_to_do(county, tmp_path):
    del vars(county)["roads"]
    area = county.config.area.model_copy(update={"path": str(tmp_path / "area")})
    county.config = county.config.model_copy(update={"area": area})
    with pytest.raises(SetupError, match="run `dispatch build"):
        jobs.run(county, threading.Event())


def alerts_of(desk, name="T1"):
    return [each.alert.kind for each in desk.store.alerts.list_of(name)]


@pytest.fixture
def watchful(monkeypatch):
    """A watch that looks often."""
    monkeypatch.setattr(jobs, "WATCH_S", 0.005)


@pytest.mark.usefixtures("quick", "watchful")
def test_the_desk_is_warned_when_the_moment_comes_though_nothing_was_written(county):
    with at_work(county):
        call(county, "08:00", T1)
        wait_until(lambda: crew_of(county, "T1") == "west")
        county.clock.at_ms = at("08:03")
        wait_until(lambda: alerts_of(county) == ["not_accepted"])
        county.clock.at_ms = at("08:35")
        wait_until(lambda: alerts_of(county) == ["not_accepted", "before_due"])


@pytest.mark.usefixtures("quick", "watchful")
def test_a_process_that_takes_over_raises_what_came_meanwhile_and_nothing_again(county):
    call(county, "08:00", T1)
    for moment, said in (("08:36", ["before_due"]), ("08:50", ["before_due", "due"])):
        county.clock.at_ms = at(moment)
        watch = jobs.Watch(county)
        watch.look()
        watch.look()
        assert alerts_of(county) == said


def test_a_watch_reads_nothing_while_nothing_was_written_and_no_moment_came(county, monkeypatch):
    call(county, "08:00", T1)
    looks: list[int] = []
    escalate = alerts.escalate

    def counted(desk):
        looks.append(desk.clock())
        return escalate(desk)

    monkeypatch.setattr(alerts, "escalate", counted)
    watch = jobs.Watch(county)
    for moment in ("08:00", "08:01", "08:34", "08:35", "08:36", "08:10", "08:11"):
        county.clock.at_ms = at(moment)
        watch.look()
    assert looks == [at("08:00"), at("08:35"), at("08:10")], "a clock set back is asked anew"


@pytest.mark.usefixtures("quick", "watchful")
def test_a_planner_that_hangs_keeps_no_warning_back(county, monkeypatch):
    going_on = threading.Event()
    monkeypatch.setattr(assign, "replan", lambda *_: going_on.wait(20) and None)
    try:
        with at_work(county):
            call(county, "08:00", T1)
            county.clock.at_ms = at("08:45")
            wait_until(lambda: alerts_of(county) == ["due"])
            going_on.set()
    finally:
        going_on.set()


@pytest.mark.usefixtures("quick")
def test_crews_on_stand_by_are_seen_to_again_and_again_though_it_fails(county, monkeypatch, caplog):
    seen = []

    def tend(_desk):
        seen.append(1)
        if len(seen) == 1:
            raise OSError("disk full")

    monkeypatch.setattr(jobs, "TEND_S", 0.05)
    monkeypatch.setattr(standby, "tend", tend)
    with at_work(county):
        wait_until(lambda: len(seen) > 2)
    assert "crews on stand-by could not be seen to" in caplog.text


@pytest.mark.usefixtures("quick")
def test_an_idle_crew_is_sent_to_wait_by_the_process_itself_where_the_company_says_so(county, monkeypatch):
    live(county, *(spot(70 + n / 10, 4) for n in range(4)), zone="urban")
    with county.store.transaction():
        county.store.company.put_units([Unit("U3", "Far", spot(40, 4))])
    settings = county.config.plan.model_copy(update={"standby": "send", "standby_share": 0.1})
    county.config = county.config.model_copy(update={"plan": settings})
    county.clock.at_ms = at("09:00")
    monkeypatch.setattr(jobs, "TEND_S", 0.05)
    with at_work(county):
        wait_until(lambda: "east" in standby.standing(county, at("09:00")))


class SilentTimetable:
    """As APScheduler is after the wall clock was set back: it never ticks."""

    def __init__(self, **_options):
        self.ended = False

    def add_job(self, *_job, **_options):
        return None

    def start(self):
        return None

    def shutdown(self, wait):
        self.ended = wait


@pytest.mark.usefixtures("quick")
def test_a_timetable_that_falls_silent_is_noticed_and_planned_without(county, monkeypatch, caplog):
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr(jobs, "BackgroundScheduler", SilentTimetable)
    monkeypatch.setattr(jobs, "SILENT_ROUNDS", 0.001)
    with at_work(county):
        wait_until(lambda: "the timetable is silent" in caplog.text)
        first = county.store.company.last_plan()
        county.clock.forward(1)
        wait_until(lambda: county.store.company.last_plan() != first)


@pytest.mark.usefixtures("quick")
def test_a_beat_is_heard_after_each_plan_and_none_while_a_plan_hangs(county, monkeypatch):
    beats, hangs, going_on = [], threading.Event(), threading.Event()
    monkeypatch.setattr(jobs, "SILENT_ROUNDS", 0.001)

    def hang(*_):
        hangs.set()
        going_on.wait(20)

    with at_work(county, lambda: beats.append(1)):
        try:
            wait_until(lambda: len(beats) >= 3)
            monkeypatch.setattr(assign, "replan", hang)
            wait_until(hangs.is_set)
            heard = len(beats)
            time.sleep(0.1)
            assert len(beats) == heard
        finally:
            going_on.set()


@pytest.mark.usefixtures("quick")
def test_no_beat_is_heard_while_plans_go_on_without_a_search_that_hangs(county, monkeypatch):
    beats, asked, going_on = [], threading.Event(), threading.Event()
    monkeypatch.setattr(jobs, "SILENT_ROUNDS", 0.001)
    monkeypatch.setattr(jobs, "Chain", partial(Chain, watchdog_s=0.01))

    def hang(*_seen, **_more):
        asked.set()
        going_on.wait(20)
        return planning.Plan()

    monkeypatch.setattr(planning, "plan", hang)
    with at_work(county, lambda: beats.append(1)):
        try:
            wait_until(asked.is_set)
            call(county, "08:00", T1)
            wait_until(lambda: crew_of(county, "T1") == "west")
            assert not beats
        finally:
            going_on.set()
        wait_until(lambda: beats)


def test_one_change_is_planned_until_it_settles_but_not_for_ever(county, monkeypatch):
    plans = []

    def always_tells(*_):
        from types import SimpleNamespace

        plans.append(1)
        return SimpleNamespace(told=("somebody",))

    monkeypatch.setattr(assign, "replan", always_tells)
    jobs.Planner(county).plan()
    assert len(plans) == jobs.SETTLE


def test_nothing_new_is_not_planned_again(county):
    planner = jobs.Planner(county)
    call(county, "08:00", T1)
    planner.look()
    planned_at = county.store.company.last_plan()
    county.clock.forward(1)
    planner.look()
    assert county.store.company.last_plan() == planned_at


def test_two_turns_never_plan_at_once(county, monkeypatch):
    planner, seen = jobs.Planner(county), []
    replan = assign.replan

    def plan_inside(desk, chain):
        seen.append(1)
        planner.plan()
        return replan(desk, chain)

    monkeypatch.setattr(assign, "replan", plan_inside)
    planner.plan()
    assert len(seen) == 1
