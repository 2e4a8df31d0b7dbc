from __future__ import annotations

import csv
import io
import json

import pytest

from dispatch.compliance import tell
from dispatch.export import csv_bytes, json_bytes
from dispatch.export.plain import iso
from tests.compliance.october import CHINA, MORNING, at, called, october, one, ticket, trip

DAY = "2026-10-03T"
CONTRACT = (
    "report,ticket,unit,zone,policy,received_at,due_at,arrived_at,arrival_s,restored_at,"
    "verdict,exemption,evidence,crew,merged,corrected"
)


def rows_of(month):
    return list(csv.DictReader(io.StringIO(csv_bytes(month).decode())))


def test_the_csv_has_one_row_a_report_under_the_names_of_the_contract():
    month = october(one(1, arrived=40, restored=60), one(2, zone=None))
    assert csv_bytes(month).decode().splitlines() == [
        CONTRACT,
        (
            f"R1,T1,north,urban,state-grid,{DAY}08:00:00+08:00,{DAY}08:45:00+08:00,{DAY}08:40:00+08:00,2400,"
            f"{DAY}09:00:00+08:00,kept,,B,K1,false,false"
        ),
        f"R2,T2,north,,,{DAY}08:00:00+08:00,,,,,open,,,K1,false,false",
    ]


def test_a_millisecond_that_decides_is_written_out():
    report = called(1)
    month = october(tell(report, ticket(report, visits=[trip(at(45, ms=1))])))
    row = rows_of(month)[0]
    assert (row["arrived_at"], row["arrival_s"]) == ("2026-10-03T08:45:00.001+08:00", "2700.001")
    assert json.loads(json_bytes(month))["late"][0]["late_s"] == 0.001


def test_times_carry_the_offset_of_the_service():
    assert iso(MORNING, CHINA) == "2026-10-03T08:00:00+08:00"
    assert iso(None, CHINA) is None


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
def test_no_cell_of_the_csv_is_a_formula(start):
    month = october(one(1, unit=start + 'cmd|" /C calc"!A0'))
    assert rows_of(month)[0]["unit"] == "'" + start + 'cmd|" /C calc"!A0'


def test_any_script_survives_the_csv():
    assert rows_of(october(one(1, unit="城北, “供电所”\n⚡")))[0]["unit"] == "城北, “供电所”\n⚡"


def test_simulated_reports_are_marked_in_csv_and_json_and_real_ones_add_no_column():
    mixed = october(one(1, simulated=True), one(2))
    assert [row["simulated"] for row in rows_of(mixed)] == ["true", "false"]
    assert json.loads(json_bytes(mixed))["simulated"] is True
    assert "simulated" not in rows_of(october(one(2)))[0]


def test_the_json_has_the_rows_and_the_head_of_the_contract():
    found = json.loads(json_bytes(october(one(1, arrived=40), one(2, arrived=50))))
    assert (found["month"], found["policy"]) == ("2026-10", "state-grid")
    assert found["head"] == {"seq": 7, "hash": "ab" * 32}
    row = found["rows"][0]
    assert {name: row[name] for name in ("item", "zone", "total", "late", "exempt")} == {
        "item": "urban_arrival",
        "zone": "urban",
        "total": 2,
        "late": 1,
        "exempt": 0,
    }
    assert (row["rate"], row["rate_without_exemptions"]) == (50.0, 50.0)
    assert (row["mean_arrival_s"], row["p90_arrival_s"], row["points"], row["score"]) == (2700, 3000, 1, 0.5)


def test_a_rate_of_nothing_is_null_in_json():
    assert json.loads(json_bytes(october()))["rows"][0]["rate"] is None
