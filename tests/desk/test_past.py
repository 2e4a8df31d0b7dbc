"""Reports that come as a file: each as if called in, all or none."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from dispatch.desk import past
from dispatch.desk.past import import_reports
from dispatch.errors import BadInput, SetupError
from dispatch.gazetteer.datum import to_wgs84
from dispatch.store.people import Caller
from tests.desk.county import LI, T2, call
from tests.okcounty import at

COLUMNS = "received_at,fault,account_no,address,lon,lat,unit,customers,critical,name,phone\n"
CALLED = "2026-10-05T07:30:00+08:00"


def reports(home, *rows):
    path = home / "reports.csv"
    path.write_text(COLUMNS + "".join(row + "\n" for row in rows), encoding="utf-8")
    return path


def test_each_row_is_a_report_promised_from_its_own_call(county, tmp_path):
    rows = (
        f"{CALLED},no_power,7001,,,,,,,Zhou,555",
        f"{CALLED},partial,,Market 1,,,,12,是,,",
        f"{CALLED},other,,,120.09,0.036,U1,,,,",
        f"{CALLED},meter,,Nowhere 9,,,,,,,",
    )
    assert import_reports(county, reports(tmp_path, *rows), LI) == 4
    first, second, third, fourth = (county.store.tickets.get(f"T{n}").reports[0] for n in (1, 2, 3, 4))
    assert (first.promise.due_at, first.place.method) == (at("08:15"), "account")
    assert county.store.people.find_caller("R1") == Caller("Zhou", "555")
    assert (second.place.lonlat, second.customers, second.critical) == (T2, 12, True)
    assert (third.place.method, third.unit, third.promise.zone) == ("given", "U1", "rural")
    assert (fourth.place, fourth.promise) == (None, None)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-10-05T07:30:00,no_power,,,,,,,,,", "line 4: received_at .* has no offset"),
        ("2026-10-05T09:30:00+08:00,no_power,,,,,,,,,", "line 4: received_at lies in the future"),
        (f"{CALLED},dark,,,,,,,,,", "line 4: fault 'dark' is unknown"),
        (f"{CALLED},no_power,,,200,0,,,,,", "line 4: .* no place on earth"),
        (f"{CALLED},no_power,,,120,,,,,,", "line 4: lon, lat must be degrees"),
        (f"{CALLED},no_power,,,,,U9,,,,", "line 4: There is no unit 'U9'"),
        (f"{CALLED},no_power,,,,,,-1,,,", "line 4: customers '-1'"),
    ],
)
def test_one_bad_report_keeps_the_whole_table_out_and_its_line_is_named(county, tmp_path, row, why):
    good = f"{CALLED},no_power,7001,,,,,,,,"
    with pytest.raises(BadInput, match=why):
        import_reports(county, reports(tmp_path, good, "", row), LI)
    assert county.store.tickets.head()[0] == 0


def test_every_bad_report_is_named(county, tmp_path):
    bad = f"{CALLED},no_power,,,,,U9,,,,"
    with pytest.raises(BadInput) as refused:
        import_reports(county, reports(tmp_path, bad, bad), LI)
    assert [fault.field for fault in refused.value.errors] == ["line 2", "line 3"]


def test_a_workbook_with_times_without_an_offset_is_refused_by_row(county, tmp_path):
    from datetime import UTC, datetime

    book = Workbook()
    book.active.append(["received_at", "fault"])
    book.active.append([datetime(2026, 10, 5, 7, 30, tzinfo=UTC).replace(tzinfo=None), "no_power"])
    book.save(tmp_path / "reports.xlsx")
    with pytest.raises(BadInput, match=r"line 2: .*no offset"):
        import_reports(county, tmp_path / "reports.xlsx", LI)


def test_a_disk_that_is_full_in_the_middle_leaves_nothing(county, tmp_path):
    connection = county.store.database.db.conn
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages + 5}")
    rows = [f"{CALLED},no_power,7001,,,,,,,," for _ in range(200)]
    with pytest.raises(SetupError, match="the disk is full"):
        import_reports(county, reports(tmp_path, *rows), LI)
    connection.execute("PRAGMA max_page_count=1000000")
    assert county.store.tickets.head()[0] == 0
    assert call(county, "08:00").report.id == "R1", "the numbers were given back too"


def test_others_can_write_until_all_places_are_found_and_all_promises_made(county, tmp_path):
    connection, held = county.store.database.db.conn, []

    def watched(asked=county.store.company.zone_set_at):
        def ask(at):
            held.append(connection.in_transaction)
            return asked(at)

        return ask

    county.store.company.zone_set_at = watched()
    rows = [f"{CALLED},no_power,7001,,,,,,,,", f"{CALLED},other,,,120.09,0.036,U1,,,,"]
    import_reports(county, reports(tmp_path, *rows), LI)
    assert len(held) >= 2
    assert not any(held)


def test_a_long_table_is_written_in_portions_and_the_chain_holds(county, tmp_path, monkeypatch):
    monkeypatch.setattr(past, "PORTION", 2)
    assert import_reports(county, reports(tmp_path, *[f"{CALLED},no_power,7001,,,,,,,,"] * 5), LI) == 5
    tickets = county.store.tickets
    assert [tickets.get(f"T{n}").reports[0].id for n in range(1, 6)] == ["R1", "R2", "R3", "R4", "R5"]
    assert (tickets.broken_link(), list(tickets.unfolded())) == (None, [])


def test_a_row_declares_its_own_datum_and_the_raw_value_is_kept(county, tmp_path):
    path = tmp_path / "reports.csv"
    path.write_text(f"received_at,fault,lon,lat,datum\n{CALLED},other,120.09,0.036,gcj02\n", encoding="utf-8")
    import_reports(county, path, LI)
    place = county.store.tickets.get("T1").reports[0].place
    assert (place.datum, place.raw) == ("gcj02", (120.09, 0.036))
    assert place.lonlat == to_wgs84(120.09, 0.036, "gcj02")
