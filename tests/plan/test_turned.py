"""What turning a crew to people in danger breaks, told from the whole board."""

from __future__ import annotations

from dispatch.plan import Board, Delay, Diversion, OnTheWay, Plan, Waiting, divert, look_ahead, with_breaks
from tests.plan.county import BY_HAND, MIN, NOW, Road, crew, job

# C1 is on its way to T1 at minute 6 and will be busy there until 66; a wire comes down at minute 2.
LEFT = job("T1", at=6, due_in=[45])
WIRE = job("T9", at=2, due_in=[45], hazard=True)
BUSY = crew("C1", at=6, free_in=66)
DRIVING = OnTheWay(crew("C1", at=0), "T1")


def turned(crews, jobs, ways=(DRIVING,), left=(LEFT,)):
    """The diversions to the hazards of the board, each crew the first that it finds, with their reasons."""
    board = Board(tuple(crews), tuple(jobs))
    wires = [each for each in jobs if each.hazard]
    found = [Diversion(way.ticket, _alone(way, wire), None) for way, wire in zip(ways, wires, strict=False)]
    driven_to = {each.ticket: each for each in left}
    told = with_breaks(found, board, ways, driven_to, now=NOW, travel=Road(), weights=BY_HAND)
    return [each.assignment for each in told]


def _alone(way, wire):
    """The crew of `way` sent to the wire, as if nothing else waited and nobody else were there."""
    [made] = look_ahead(Board((way.crew,), (wire,)), NOW, Road(), BY_HAND).told
    return made


def test_the_ticket_that_loses_its_crew_is_said_to_wait_longer_or_to_become_late():
    """C1 would be at T1 after 6 minutes, from the wire after 2 + 60 + 4; C2 could be there after 24."""
    [alone] = turned([BUSY], [WIRE])
    assert alone.reasons.delays == (Delay("T1", by_s=60 * 60, becomes_late=True),)
    [beside] = turned([BUSY, crew("C2", at=30)], [WIRE])
    assert beside.reasons.delays == (Delay("T1", by_s=18 * 60, becomes_late=False),)


def test_with_a_free_crew_at_its_door_the_ticket_loses_nothing():
    [made] = turned([BUSY, crew("C2", at=7)], [WIRE])
    assert made.reasons.delays == ()


def test_the_crew_drives_on_in_the_plan_it_is_held_against_though_another_is_nearer():
    """C2 would serve T1 and C1 T2, were C1 not on its way to T1, where it would be after 6 minutes, not 1."""
    [made] = turned([BUSY, crew("C2", at=7)], [WIRE, job("T2", at=1, due_in=[20])])
    assert made.reasons.delays == (Delay("T1", by_s=60 * 60, becomes_late=True),)


def test_another_crew_says_what_it_would_break_by_going_instead():
    """C2 is free, but twenty minutes away, and T2 waits for it; C3 drives to T3 and would leave that."""
    crews = [BUSY, crew("C2", at=22), crew("C3", at=40, free_in=100)]
    waits = [WIRE, job("T2", at=23, due_in=[10])]
    third = job("T3", at=40, due_in=[50])
    ways = [DRIVING, OnTheWay(crew("C3", at=39), "T3")]
    [made, *_] = turned(crews, waits, ways, [LEFT, third])
    against = {other.crew: other.why for other in made.reasons.others}
    assert "would_make_late:T2" in against["C2"]
    assert {"later", "would_make_late:T3"} <= set(against["C3"])


def test_a_crew_that_was_turned_is_no_choice_for_the_next_and_what_it_left_waits():
    second = job("W2", at=41, due_in=[45], hazard=True)
    ways = [DRIVING, OnTheWay(crew("C3", at=39), "T3")]
    crews = [BUSY, crew("C3", at=40, free_in=100), crew("C2", at=60)]
    first, then = turned(crews, [WIRE, second], ways, [LEFT, job("T3", at=44, due_in=[50])])
    assert "C3" in {other.crew for other in first.reasons.others}
    assert "C1" not in {other.crew for other in then.reasons.others}
    late_already = Delay("T1", by_s=43 * 60, becomes_late=False)  # C2 was 54 minutes from it, its due time 45
    assert then.reasons.delays == (late_already, Delay("T3", by_s=11 * 60, becomes_late=False))


def test_nothing_but_the_reasons_changes():
    board = Board((BUSY, crew("C2", at=40)), (WIRE,))
    plain = divert(board, _waits(), [DRIVING], NOW, Road(), weights=BY_HAND, gain_min=10, most=1)
    told = with_breaks(plain, board, [DRIVING], {"T1": LEFT}, now=NOW, travel=Road(), weights=BY_HAND)
    [(was, now)] = zip(plain, told, strict=True)
    same = ("ticket", "crew", "arrive_ms", "travel_s", "on_time", "p_on_time")
    assert [getattr(was.assignment, name) for name in same] == [
        getattr(now.assignment, name) for name in same
    ]
    assert (was.leaves, was.sooner_ms) == (now.leaves, now.sooner_ms)
    assert now.assignment.reasons.terms == was.assignment.reasons.terms


def _waits():
    return Plan(waiting=(Waiting("T9", "C1", NOW, NOW + 94 * MIN, ("best_crew_busy",)),))
