from __future__ import annotations

import pytest

from dispatch.crew import Unit
from dispatch.desk.board import board
from dispatch.desk.month import month
from dispatch.desk.standby import stand_by, stand_down, standing, suggestions, tend
from dispatch.errors import BadInput, Conflict, NotFound
from tests.desk.county import LI, T1, T3, call, crew_row, send
from tests.desk.test_coverage import live
from tests.okcounty import EAST, WEST, at, spot

FAR = [spot(70 + n / 10, 4) for n in range(4)]  # 57 km beyond the east crew's depot: later than 45 minutes


@pytest.fixture
def spread(county):
    """Four accounts so far east that only a crew waiting nearer is there in time; a depot between."""
    live(county, *FAR, zone="urban")
    with county.store.transaction():
        county.store.company.put_units([Unit("U3", "Far", spot(40, 4))])
    set_plan(county, standby_share=0.1)
    return county


def set_plan(county, **keys):
    plan = county.config.plan.model_copy(update=keys)
    county.config = county.config.model_copy(update={"plan": plan})


def moment(county, time):
    county.clock.at_ms = at(time)
    return county


def test_a_crew_is_suggested_where_it_brings_more_accounts_within_their_limit(spread):
    (found,) = suggestions(moment(spread, "09:00"))
    assert (found.crew, found.gain) == ("east", 4)
    assert found.place[0] > spot(24, 0)[0]
    assert found.drive_s <= 1800


def test_a_suggestion_is_not_made_where_the_company_turned_it_off(spread):
    set_plan(spread, standby="off")
    assert suggestions(moment(spread, "09:00")) == []


def asks_of(county):
    """How many (origins, destinations) each question to the roads had, from now on."""
    asked, matrix = [], county.roads.matrix

    def count(origins, destinations):
        asked.append((len(origins), len(destinations)))
        return matrix(origins, destinations)

    county.roads.matrix = count
    return asked


def test_a_second_later_nothing_is_worked_out_again(spread):
    call(spread, "09:00", T1)
    send(spread, "09:00", "T1", "west")
    call(spread, "09:00", T3, fault="meter")  # nobody has the skill: it waits and holds nobody
    first = suggestions(moment(spread, "09:01"))
    assert first
    asked = asks_of(spread)
    spread.clock.at_ms += 1000
    assert suggestions(spread) is first
    assert all(size == (1, 1) for size in asked)  # the drive of the crew that was sent


def test_what_waits_or_was_said_of_a_crew_since_counts_at_once(spread):
    assert suggestions(moment(spread, "09:01"))
    call(spread, "09:01", T3)
    assert suggestions(spread) == []


def test_a_small_gain_moves_nobody(spread):
    set_plan(spread, standby_share=0.9)
    assert suggestions(moment(spread, "09:00")) == []


def test_nobody_is_drawn_away_from_a_ticket_it_could_do(spread):
    call(spread, "09:00", T3)
    assert suggestions(moment(spread, "09:01")) == []


def test_a_crew_sent_to_wait_stands_there_for_the_planner_once_it_has_arrived(spread):
    (found,) = suggestions(moment(spread, "09:00"))
    made = stand_by(spread, "east", found.place, LI, found.gain)
    assert made.arrive_at == at("09:00") + round(found.drive_s * 1000)
    places = {crew.id: crew.place for crew in board(spread, at("09:05")).crews}
    assert places["east"] == EAST.depot
    places = {crew.id: crew.place for crew in board(spread, made.arrive_at).crews}
    assert places == {"east": found.place, "west": WEST.depot}


def test_who_was_asked_is_not_asked_again_at_once(spread):
    (found,) = suggestions(moment(spread, "09:00"))
    stand_by(spread, "east", found.place, LI, found.gain)
    assert suggestions(moment(spread, "09:01")) == []
    assert suggestions(moment(spread, "12:00")) == []  # nothing is to be gained any more


def test_it_is_over_when_the_crew_is_told_a_ticket(spread):
    stand_by(moment(spread, "09:00"), "east", spot(30, 4), LI)
    assert list(standing(spread, at("09:01"))) == ["east"]
    call(spread, "09:05", T3)
    send(spread, "09:06", "T1", "east")
    assert standing(spread, at("09:06")) == {}
    tend(moment(spread, "09:07"))
    assert spread.store.standbys.all() == {}


def test_it_is_over_when_the_shift_is(spread):
    with spread.store.transaction():
        spread.store.company.put_crews([crew_row(WEST, "08:00-20:00")])
    stand_by(moment(spread, "09:00"), "west", spot(5, 4), LI)
    assert standing(spread, at("19:59")) != {}
    assert standing(spread, at("20:00")) == {}


def test_it_goes_by_itself_only_where_the_company_lets_it(spread):
    tend(moment(spread, "09:00"))
    assert spread.store.standbys.all() == {}
    set_plan(spread, standby="send")
    tend(moment(spread, "09:01"))
    (asked,) = spread.store.standbys.all().values()
    assert (asked.crew, asked.gain, asked.by) == ("east", 4, "planner")
    tend(moment(spread, "09:02"))
    assert list(spread.store.standbys.all().values()) == [asked]


def test_it_is_on_the_timeline_with_its_reason_and_moves_no_month(spread):
    before = month(moment(spread, "09:00"), "2026-10").head
    stand_by(spread, "east", spot(30, 4), LI, 4)
    assert stand_down(spread, "east", LI)
    assert not stand_down(spread, "east", LI)
    told = spread.store.tickets.events_after(0)[-2:]
    assert [event.kind for event in told] == ["crew_stands_by", "stand_by_over"]
    assert told[0].body["gain"] == 4
    assert month(spread, "2026-10").head == before


def test_a_crew_with_a_ticket_off_duty_or_unknown_cannot_stand_by(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    with pytest.raises(Conflict, match="has a ticket"):
        stand_by(county, "west", spot(5, 4), LI)
    with pytest.raises(Conflict, match="off duty"):
        stand_by(moment(county, "21:00"), "west", spot(5, 4), LI)
    with pytest.raises(NotFound):
        stand_by(county, "nobody", spot(5, 4), LI)


def rests(county, spans):
    """The east crew has these breaks."""
    with county.store.transaction():
        county.store.company.put_crews([crew_row(EAST) | {"breaks": spans}])


def test_a_crew_at_rest_is_neither_suggested_nor_sent(spread):
    rests(spread, "12:00-14:00")
    set_plan(spread, standby="send")
    assert suggestions(moment(spread, "12:00")) == []
    tend(spread)
    assert spread.store.standbys.all() == {}
    with pytest.raises(Conflict, match="at rest") as refused:
        stand_by(spread, "east", spot(30, 4), LI)
    assert (refused.value.code, refused.value.facts) == ("at_rest", {"crew": "east"})
    tend(moment(spread, "14:00"))
    assert list(spread.store.standbys.all()) == ["east"]


def test_no_drive_to_a_post_runs_into_a_break(spread):
    (found,) = suggestions(moment(spread, "09:00"))
    rests(spread, "09:05-09:35")
    assert found.drive_s > 300
    assert suggestions(moment(spread, "09:00")) == []
    with pytest.raises(Conflict, match="next break") as refused:
        stand_by(spread, "east", found.place, LI)
    assert refused.value.code == "break_comes_first"
    assert stand_by(moment(spread, "09:35"), "east", found.place, LI)


def test_an_order_to_stand_by_rests_during_a_break_and_holds_again_after_it(spread):
    rests(spread, "12:00-14:00")
    made = stand_by(moment(spread, "09:00"), "east", spot(30, 4), LI)
    assert standing(spread, at("11:59")) == {"east": made}
    assert standing(spread, at("12:00")) == {}
    tend(moment(spread, "12:00"))
    assert standing(spread, at("14:00")) == {"east": made}


def test_whom_the_desk_was_quicker_to_give_a_ticket_is_left_for_the_next_round(spread, monkeypatch):
    def refused(*_order, **_more):
        raise Conflict("it has a ticket")

    set_plan(spread, standby="send")
    monkeypatch.setattr("dispatch.desk.standby.stand_by", refused)
    tend(moment(spread, "09:00"))
    assert spread.store.standbys.all() == {}


def test_nobody_waits_where_no_road_leads(county):
    county.roads.matrix = lambda origins, destinations: [[float("inf")] * len(destinations)] * len(origins)
    with pytest.raises(BadInput, match="no road"):
        stand_by(moment(county, "09:00"), "east", spot(5, 4), LI)
