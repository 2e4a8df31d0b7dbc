"""A crew that somebody says cannot go: what the planner, the desk and its tickets make of it."""

from __future__ import annotations

import pytest

from dispatch.desk import alerts, assign, upkeep
from dispatch.desk.coverage import idle_crews
from dispatch.desk.merge import merge, unmerge
from dispatch.desk.month import month
from dispatch.desk.out_of_service import DAY_MS, LONGEST_DAYS, end_run_out, put_back, put_out
from dispatch.desk.recall import take_back, why_not_going
from dispatch.desk.standby import stand_by, standing
from dispatch.errors import BadInput, Conflict, NotFound, RoadsUnavailable
from dispatch.store import open_store
from tests.desk.county import LI, T1, T2, T3, WANG, call, phone, replan, send, tap, ticket
from tests.okcounty import at, spot


def out(desk, time, crew="west", by=LI, reason="van broke down", **said):
    desk.clock.at_ms = at(time)
    until = said.pop("until", None)
    return put_out(desk, crew, reason, by, until_at=at(until) if until else None, **said)


def back(desk, time, said, by=LI):
    desk.clock.at_ms = at(time)
    return put_back(desk, said.crew, said.id, by)


def cannot(desk, time, ticket="T1"):
    desk.clock.at_ms = at(time)
    return {each.crew: each.not_possible for each in assign.options(desk, ticket)}


def told(desk, time):
    return {each.ticket: each.crew for each in replan(desk, time).told}


def kinds(desk):
    return [each.kind for each in desk.store.tickets.events("") if "service" in each.kind]


# -- what it means


def test_the_planner_gives_it_nothing_until_it_is_back(county):
    said = out(county, "08:00")
    call(county, "08:01", T1)
    assert told(county, "08:02") == {"T1": "east"}
    call(county, "08:03", T2)
    assert told(county, "08:04") == {}
    back(county, "08:05", said)
    assert told(county, "08:06") == {"T2": "west"}


def test_it_is_over_when_its_time_is(county):
    out(county, "08:00", until="09:00")
    call(county, "08:58", T1)
    assert cannot(county, "08:59") == {"west": "out_of_service", "east": None}
    assert cannot(county, "09:00") == {"west": None, "east": None}


def test_an_order_by_hand_is_refused_and_says_why(county):
    call(county, "08:00", T1)
    out(county, "08:01")
    with pytest.raises(BadInput, match="west cannot go to T1: out of service") as refused:
        send(county, "08:02", "T1", "west")
    assert (refused.value.code, refused.value.facts["why"]) == ("cannot_go", "out_of_service")


def test_an_order_by_hand_is_refused_while_nobody_knows_the_roads_too(county):
    call(county, "08:00", T1)
    out(county, "08:01")

    class Silent:
        def matrix(self, *_):
            raise RoadsUnavailable("no answer")

    vars(county)["roads"] = Silent()
    with pytest.raises(BadInput, match="out of service"):
        send(county, "08:02", "T1", "west")
    assert send(county, "08:02", "T1", "east").visit.crew == "east"


def test_a_plan_made_before_the_word_sends_nobody_after_it(county, monkeypatch):
    call(county, "08:00", T1)

    def meanwhile(desk, made, *_, **__):
        out(desk, "08:02")
        return made

    monkeypatch.setattr(assign, "divert_for_danger", meanwhile)
    assert told(county, "08:01") == {"T1": "west"}
    assert ticket(county, "T1").state == "waiting"


def test_danger_turns_no_crew_that_is_out_of_service(county):
    call(county, "08:00", T3)
    assert told(county, "08:01") == {"T1": "east"}
    out(county, "08:02", reason="ill")
    said = out(county, "08:02", "east")
    call(county, "08:03", T2, fault="wire_down")
    assert replan(county, "08:04").turned == ()
    back(county, "08:05", said)
    assert [each.crew for each in replan(county, "08:06").turned] == ["east"]


def test_it_covers_nothing_and_does_not_stand_by(county):
    county.clock.at_ms = at("08:00")
    stand_by(county, "west", spot(5, 4), LI)
    out(county, "08:01")
    assert [crew.id for crew in idle_crews(county, at("08:02"))] == ["east"]
    assert (standing(county, at("08:02")), county.store.standbys.all()) == ({}, {})
    with pytest.raises(Conflict, match="out of service"):
        stand_by(county, "west", spot(5, 4), LI)


def test_an_undone_merge_does_not_send_it_again(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    call(county, "08:02", T2)
    county.clock.at_ms = at("08:03")
    merge(county, "R1", "T2", LI)
    out(county, "08:04")
    unmerge(county, "R1", LI)
    assert ticket(county, "T1").state == "waiting"


# -- what it was told


def test_with_release_what_it_is_not_at_yet_is_taken_back_and_planned_again_at_once(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    tap(county, "west", "accepted", "T1", "08:02")
    out(county, "08:03", release=True)
    left = ticket(county, "T1")
    assert (left.state, left.visits[-1].over) == ("waiting", "out_of_service")
    why = why_not_going(county, "T1", "west")
    assert why is not None
    assert (why.body["code"], why.body["reason"], why.by) == ("out_of_service", "van broke down", "Li")
    assert told(county, "08:03") == {"T1": "east"}


def test_without_release_it_stays_and_the_desk_is_warned_until_it_decides(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    out(county, "08:02", by=phone("west"))
    assert ticket(county, "T1").visit.crew == "west"
    alerts.escalate(county)
    (warning,) = alerts.list_standing(county, county.store.tickets.list_open(), at("08:02"))
    assert (warning.alert.kind, warning.alert.ticket, warning.alert.crew) == ("out_of_service", "T1", "west")
    take_back(county, "T1", "", LI)
    assert alerts.list_standing(county, county.store.tickets.list_open(), at("08:02")) == []
    assert told(county, "08:03") == {"T1": "east"}


def warnings(desk, time):
    desk.clock.at_ms = at(time)
    alerts.escalate(desk)
    standing = alerts.list_standing(desk, desk.store.tickets.list_open(), at(time))
    return [each.id for each in standing if each.alert.kind == "out_of_service"]


def test_a_crew_out_of_service_a_second_time_on_the_same_trip_is_warned_of_again(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    said = out(county, "08:02", by=phone("west"))
    (first,) = warnings(county, "08:02")
    alerts.acknowledge(county, f"A{first}", LI)
    back(county, "08:03", said, phone("west"))
    assert warnings(county, "08:04") == []
    out(county, "08:10", by=phone("west"))
    (second,) = warnings(county, "08:10")
    assert second != first


def test_another_reason_or_time_of_a_crew_still_out_warns_nobody_again(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    said = out(county, "08:02", by=phone("west"))
    first = warnings(county, "08:02")
    said = out(county, "08:03", reason="needs a new van", replaces=said.id)
    out(county, "08:04", reason="needs a new van", replaces=said.id, until="12:00")
    assert warnings(county, "08:05") == first


def test_work_on_site_goes_on(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    tap(county, "west", "arrived", "T1", "08:05", T1)
    out(county, "08:06", release=True)
    assert ticket(county, "T1").state == "arrived"
    alerts.escalate(county)
    assert alerts.list_standing(county, county.store.tickets.list_open(), at("08:06")) == []


# -- the word itself


def test_the_same_word_again_is_the_same_answer_and_still_releases(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    first = out(county, "08:02", until="10:00")
    assert out(county, "08:03", until="10:00", release=True) == first
    assert kinds(county) == ["crew_out_of_service"]
    assert ticket(county, "T1").state == "waiting"


def test_of_two_people_the_first_is_heard_and_the_other_is_told(county):
    said = out(county, "08:00")
    with pytest.raises(Conflict, match="said by Li: van broke down") as told_so:
        out(county, "08:00", by=WANG)
    assert (told_so.value.code, told_so.value.facts["said"]) == ("out_already", said.id)


def test_a_word_is_changed_by_who_knows_of_it_and_the_crew_is_not_back_in_between(county):
    first = out(county, "08:00", until="09:00")
    second = out(county, "08:30", by=WANG, reason="needs a new van", replaces=first.id)
    assert out(county, "08:31", by=WANG, reason="needs a new van", replaces=first.id) == second
    assert county.store.out_of_service.holding(at("12:00")) == {"west": second}
    with pytest.raises(Conflict, match="said by Wang"):
        out(county, "08:32", reason="lunch", replaces=first.id)
    back(county, "08:40", second)
    with pytest.raises(Conflict, match="back in service meanwhile"):
        out(county, "08:41", reason="lunch", replaces=second.id)


def test_who_ends_it_twice_gets_the_same_answer_and_another_one_is_told(county):
    said = out(county, "08:00")
    assert back(county, "08:10", said) == back(county, "08:11", said)
    assert kinds(county) == ["crew_out_of_service", "crew_in_service"]
    with pytest.raises(Conflict, match="by Li already"):
        back(county, "08:12", said, WANG)
    again = out(county, "08:13")
    with pytest.raises(Conflict):
        back(county, "08:14", said, WANG)
    assert county.store.out_of_service.holding(at("08:14")) == {"west": again}


@pytest.mark.parametrize("who", [LI, WANG])
def test_who_ends_a_word_that_another_replaced_is_told_of_the_one_that_holds(county, who):
    first = out(county, "08:00")
    second = out(county, "08:05", by=WANG, reason="needs a new van", replaces=first.id)
    with pytest.raises(Conflict, match="said by Wang: needs a new van") as told_so:
        back(county, "08:06", first, who)
    assert (told_so.value.code, told_so.value.facts["said"]) == ("out_already", second.id)
    assert county.store.out_of_service.holding(at("08:06")) == {"west": second}


def test_another_crew_cannot_end_it(county):
    said = out(county, "08:00")
    with pytest.raises(NotFound):
        put_back(county, "east", said.id, phone("east"))
    with pytest.raises(NotFound):
        put_back(county, "west", "O99", LI)


def test_a_clock_set_back_undoes_no_word(county):
    said = out(county, "08:30", until="09:00")
    assert county.store.out_of_service.holding(at("08:00")) == {"west": said}
    county.clock.at_ms = at("09:00")
    end_run_out(county)
    end_run_out(county)
    assert county.store.out_of_service.holding(at("08:30")) == {}
    (over,) = [e for e in county.store.tickets.events("") if e.kind == "crew_in_service"]
    assert (over.by, over.body["crew"]) == ("planner", "west")


def test_it_outlives_a_restart_and_the_database_stays_proved(county):
    said = out(county, "08:00")
    again = open_store(f"sqlite:{county.store.database.path}")
    assert again.out_of_service.holding(at("08:01")) == {"west": said}
    again.database.close()
    assert upkeep.check(county) == []


def test_it_moves_no_month(county):
    call(county, "08:00", T1)
    before = month(county, "2026-10").head
    back(county, "08:10", out(county, "08:05"))
    assert month(county, "2026-10").head == before


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 201}, "reason"),
        ({"reason": "one\nline more"}, "reason"),
        ({"reason": "one\u2028line more"}, "reason"),
        ({"reason": "tab\tand more"}, "reason"),
        ({"until_at": at("07:59")}, "until"),
        ({"until_at": at("08:00") + LONGEST_DAYS * DAY_MS + 1}, "until"),
    ],
)
def test_what_makes_no_sense_is_refused(county, said, field):
    words = {"reason": "van", "until_at": None, **said}
    with pytest.raises(BadInput) as wrong:
        put_out(county, "west", words["reason"], LI, until_at=words["until_at"])
    assert [fault.field for fault in wrong.value.errors] == [field]
    assert kinds(county) == []


@pytest.mark.parametrize("reason", ["车辆故障\u3000左后胎", "van\u00a0broke down", "flat 👨\u200d🔧 tyre"])
def test_a_reason_may_hold_what_people_type(county, reason):
    assert out(county, "08:00", reason=reason).reason == reason


def test_an_unknown_crew_is_not_found(county):
    with pytest.raises(NotFound):
        put_out(county, "north", "van", LI)
