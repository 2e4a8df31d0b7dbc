"""The month is what the timeline says, and counted twice it is the same twice."""

from __future__ import annotations

from dispatch.desk import field
from dispatch.desk.intake import resolve
from dispatch.desk.merge import merge
from dispatch.desk.month import month
from dispatch.export import write_month
from dispatch.store import open_store
from dispatch.timeline import fold
from tests.desk.county import LI, T1, T2, T3, T4, call, done, notice, send
from tests.okcounty import at


def a_monday(desk):
    """R1 kept, R2 merged and missed, R3 answered by phone, R4 open, R5 explained by an outage."""
    desk.store.company.put_notices([notice((9, 3, 11, 5), "07:00", "12:00")])
    call(desk, "08:00", T1)
    call(desk, "07:50", T2)
    merge(desk, "R2", "T1", LI)
    call(desk, "08:05", T1)
    resolve(desk, "R3", "customer_side", "his own fuse", LI)
    call(desk, "08:10", T4)
    call(desk, "08:15", T3)
    send(desk, "08:16", "T1", "west")
    done(desk, "west", "T1", T1, "08:17", "08:18", "08:40", "08:50", "08:51")


def verdicts(desk):
    return {line.report: line.verdict for line in month(desk, "2026-10").lines}


def test_the_month_tells_of_every_report_what_became_of_its_promise(county):
    a_monday(county)
    assert verdicts(county) == {"R1": "kept", "R2": "missed", "R3": "no_trip", "R4": "open", "R5": "no_trip"}
    row = next(each for each in month(county, "2026-10").rows if each.item == "urban_arrival")
    assert (row.total, row.late, row.rate) == (2, 1, 50.0)


def test_the_month_made_from_rows_is_the_month_made_from_events(county):
    a_monday(county)
    rows = month(county, "2026-10")
    events = county.store.tickets.events_after(0)
    folded = {
        name: fold(e for e in events if e.ticket == name) for name in {e.ticket for e in events if e.ticket}
    }
    assert {each.id: each for each in county.store.tickets.list_received(0, at("23:59"))} == {
        name: made for name, made in folded.items() if made.reports
    }
    assert rows.head.seq == events[-1].seq


def test_the_same_month_exported_twice_is_the_same_to_the_byte(county, tmp_path):
    a_monday(county)
    first = [path.read_bytes() for path in write_month(month(county, "2026-10"), tmp_path / "one", "zh")]
    county.clock.forward(60 * 24)
    again = [path.read_bytes() for path in write_month(month(county, "2026-10"), tmp_path / "two", "zh")]
    assert (len(first), first) == (4, again)


def test_a_report_belongs_to_the_month_of_its_call_in_the_companys_time(county):
    call(county, "08:00", T1)
    assert [line.report for line in month(county, "2026-10").lines] == ["R1"]
    assert month(county, "2026-11").lines == ()


def test_counting_the_month_lets_others_write(county):
    """A reader holds no lock: the rows and the head are of one moment all the same."""
    a_monday(county)
    other = open_store(f"sqlite:{county.store.database.path}")
    with county.store.snapshot():
        before = county.store.tickets.head()
        with other.transaction():
            other.tickets.append("", "note", {}, at=1, now=1, by="Li")
        assert county.store.tickets.head() == before
    assert county.store.tickets.head()[0] == before[0] + 1
    other.database.close()


def test_a_repeat_visit_does_not_mend_a_promise_that_was_missed(county):
    call(county, "08:00", T1)
    send(county, "08:30", "T1", "west")
    done(county, "west", "T1", T1, "08:31", "08:32", "08:50", "08:55", "08:56")
    field.call_back(county, "T1", field.Callback(reached=True, power_back=False), LI)
    send(county, "08:57", "T1", "west")
    done(county, "west", "T1", T1, "08:58", "08:59", "09:00", "09:10", "09:11")
    assert verdicts(county) == {"R1": "missed"}
