from __future__ import annotations

import json
from typing import Any

import pytest

from dispatch.errors import BadInput
from dispatch.web import bodies
from dispatch.web.parsing import parse
from tests.web.conftest import assert_problem

NOON = "2026-11-18T12:00:00+08:00"
# what cannot be read as a report at all, or lacks its one needed field: the field that is named as wrong
UNREADABLE = [
    ("", "body"),
    (" ", "body"),
    ("[", "body"),
    ("[" * 100_000, "body"),
    ('{"a":' * 100_000, "body"),
    ("null", "body"),
    ("true", "body"),
    ("1", "body"),
    ('"text"', "body"),
    ("[]", "body"),
    ('[{"fault":"no_power"}]', "body"),
    ("{'fault':'no_power'}", "body"),
    ('{"fault":"no_power",}', "body"),
    ('{"fault":"no_power"} and more', "body"),
    ('\ufeff{"fault":"no_power"}', "body"),
    ('{"fault":"no_power"', "body"),
    ('{"\\udfff":1,"fault":"no_power"}', "body"),
    ("{}", "fault"),
    ('{"fault":null}', "fault"),
    ('{"fault":1}', "fault"),
    ('{"fault":true}', "fault"),
    ('{"fault":["no_power"]}', "fault"),
    ('{"fault":"No_Power"}', "fault"),
    ('{"fault":"earthquake"}', "fault"),
]
# beside a good fault: the field that is named as wrong
BAD_FIELDS = [
    ('"colour":"red"', "colour"),
    ('"id":"R1"', "id"),
    ('"simulated":true', "simulated"),
    ('"__proto__":{}', "__proto__"),
    ('"place":{"lon":1,"lat":1,"alt":9}', "place.alt"),
    ('"caller":{"name":"Li","mail":"x"}', "caller.mail"),
    ('"place":{"lon":13.2,"lat":91}', "place.lat"),
    ('"place":{"lon":13.2,"lat":-90.001}', "place.lat"),
    ('"place":{"lon":181,"lat":53}', "place.lon"),
    ('"place":{"lon":53.5571,"lat":132612}', "place.lat"),
    ('"place":{"lon":NaN,"lat":1}', "place.lon"),
    ('"place":{"lon":Infinity,"lat":1}', "place.lon"),
    ('"place":{"lon":1,"lat":-Infinity}', "place.lat"),
    ('"place":{"lon":1e400,"lat":1}', "place.lon"),
    ('"place":{"lon":1' + "0" * 400 + ',"lat":1}', "place.lon"),
    ('"place":{"lon":1' + "0" * 9000 + ',"lat":1}', "body"),
    ('"place":{"lon":true,"lat":1}', "place.lon"),
    ('"place":{"lon":"13.2","lat":1}', "place.lon"),
    ('"place":{"lon":null,"lat":1}', "place.lon"),
    ('"place":{"lon":13.2}', "place.lat"),
    ('"place":[13.2,53.5]', "place"),
    ('"place":"13.2,53.5"', "place"),
    ('"place":{"lon":1,"lat":1,"datum":"mars"}', "place.datum"),
    ('"place":{"lon":1,"lat":1,"precision_m":-1}', "place.precision_m"),
    ('"place":{"lon":1,"lat":1,"precision_m":NaN}', "place.precision_m"),
    ('"place":{"lon":1,"lat":89,"datum":"bd09"}', "lat"),
    ('"received_at":"2026-11-18T08:00:00"', "received_at"),
    ('"received_at":1794974400', "received_at"),
    ('"received_at":"1794974400"', "received_at"),
    ('"received_at":true', "received_at"),
    ('"received_at":""', "received_at"),
    ('"received_at":"yesterday"', "received_at"),
    ('"received_at":"2026-11-18"', "received_at"),
    ('"received_at":"2026-02-30T08:00:00+08:00"', "received_at"),
    ('"received_at":"2026-11-18T25:00:00+08:00"', "received_at"),
    ('"received_at":"2026-11-18T08:00:00+25:00"', "received_at"),
    ('"received_at":"2026-11-18T12:02:01+08:00"', "received_at"),
    ('"received_at":"2099-01-01T00:00:00Z"', "received_at"),
    ('"received_at":"9999-12-31T23:59:59-12:00"', "received_at"),
    ('"received_at":"0001-01-01T00:00:00+14:00"', "received_at"),
    ('"received_at":"1999-12-31T23:59:59Z"', "received_at"),
    ('"received_at":"+12026-11-18T08:00:00Z"', "received_at"),
    ('"customers":true', "customers"),
    ('"customers":"3"', "customers"),
    ('"customers":1.5', "customers"),
    ('"customers":0', "customers"),
    ('"customers":-3', "customers"),
    ('"customers":1e3', "customers"),
    ('"customers":9223372036854775808', "customers"),
    ('"customers":1' + "0" * 400 + "", "customers"),
    ('"critical":1', "critical"),
    ('"critical":"yes"', "critical"),
    ('"channel":"smoke"', "channel"),
    ('"unit":"U99"', "unit"),
    ('"caller":"Li"', "caller"),
    ('"caller":{"phone":"call me"}', "caller.phone"),
    ('"caller":{"phone":"0431-8888<b>"}', "caller.phone"),
    ('"caller":{"phone":"' + "1" * 41 + '"}', "caller.phone"),
    ('"account_no":4100000037', "account_no"),
    ('"account_no":"' + "1" * 201 + '"', "account_no"),
    ('"address":"' + "a" * 1001 + '"', "address"),
    ('"note":5', "note"),
    ('"note":"' + "a" * 10_001 + '"', "note"),
    ('"note":"\\u0000"', "note"),
    ('"note":"\\u0007"', "note"),
    ('"note":"\\u009f"', "note"),
    ('"note":"\\uffff"', "note"),
    ('"note":"\x00"', "body"),
    ('"note":"\\ud800"', "body"),
]
BAD_REPORTS = [*UNREADABLE, *((f'{{"fault":"no_power",{part}}}', field) for part, field in BAD_FIELDS)]
AREA = {"type": "Polygon", "coordinates": [[[13, 53], [13.1, 53], [13.1, 53.1], [13, 53]]]}
NOTICE = {"cause": "feeder", "published_at": NOON, "from": "2026-11-20T08:00:00+08:00"} | {
    "to": "2026-11-20T12:00:00+08:00",
    "area": AREA,
}
STEP = {"id": "abcdefgh", "ticket": "T1", "kind": "accepted", "at": NOON, "seq": 1}
FIX = {"lon": 13.2, "lat": 53.5, "accuracy_m": 5, "at": NOON}


def area(coordinates, kind="Polygon"):
    return {**NOTICE, "area": {"type": kind, "coordinates": coordinates}}


# every other call that takes a body, who may send it, and bodies it cannot take
BAD: dict[tuple[str, str], list[Any]] = {
    ("/api/reports/R1/place", "dispatcher"): [
        {}, [], {"lon": 13.2}, {"lon": 181, "lat": 0}, {"lon": 0, "lat": 91}, {"lon": "0", "lat": 0},
        {"lon": 0, "lat": 0, "reason": 5}, {"lon": 0, "lat": 0, "datum": "x"},
        {"lon": 0, "lat": 0, "tier": "A"},
        {"lon": 13.2, "lat": 53.5}, {"lon": 13.2, "lat": 53.5, "reason": " "}, '{"lon":1e400,"lat":0}',
        '{"lon":NaN,"lat":0}', {"lon": 0, "lat": 0, "reason": "a" * 1001},
    ],
    ("/api/reports/R1/merge", "dispatcher"): [
        {}, {"ticket": 1}, {"ticket": None}, {"ticket": "T" * 201}, {"ticket": "T2", "into": "T3"}, "T2",
    ],
    ("/api/reports/R1/unmerge", "dispatcher"): ["x", "[]", "null", '{"ticket":"T1"}'],
    ("/api/reports/R1/resolve", "dispatcher"): [
        {}, {"how": "magic"}, {"how": 1}, {"how": "by_phone", "note": 1}, {"how": "by_phone", "by": "me"},
        {"how": "by_phone", "note": "a" * 10_001}, {"how": "by_phone", "note": "\x01"},
    ],
    ("/api/tickets/T1/assign", "dispatcher"): [
        {}, {"crew": 1}, {"crew": ["C1"]}, {"crew": "C1", "pin": 1}, {"crew": "C1", "pin": "yes"},
        {"crew": "C1", "reason": False}, {"crew": "C1", "eta_at": NOON}, {"crew": "C4"},
        {"crew": "C1", "replaces": 1}, {"crew": "C1", "replaces": "C2", "second": True},
    ],
    ("/api/tickets/T1/callback", "dispatcher"): [
        {}, {"reached": 1}, {"reached": "true"}, {"reached": True, "power_back": "no"},
        {"reached": True, "satisfied": 5}, {"reached": True, "note": None}, {"reached": True, "stars": 5},
    ],
    ("/api/phone/events", "crew"): [
        {}, STEP, "[" * 100_000, [STEP] * 501, "null", '"T1"',
    ],
    ("/api/phone/positions", "crew"): [
        {}, FIX, [1], [{**FIX, "lat": 91}], [{**FIX, "at": "2026-11-18T12:00:00"}], [{**FIX, "crew": "C2"}],
        [{**FIX, "accuracy_m": True}], [{**FIX, "at": "2026-11-18T12:05:00+08:00"}], [FIX] * 1001,
        json.dumps([FIX]).replace("13.2", "Infinity"),
    ],
    ("/api/outages", "dispatcher"): [
        {}, [], {**NOTICE, "kind": "surprise"}, {**NOTICE, "cause": 5}, {**NOTICE, "colour": 1},
        {**NOTICE, "id": "a b"}, {**NOTICE, "id": "../x"}, {**NOTICE, "id": "x" * 41}, {**NOTICE, "to": NOON},
        {**NOTICE, "to": "9999-12-31T23:59:59-12:00"}, {**NOTICE, "to": "2026-11-20T12:00:00"},
        {**NOTICE, "area": None}, {**NOTICE, "area": {"type": "Point", "coordinates": [13, 53]}},
        area([]), area([[]]), area([[[]]]), area("x"), area([["a"]]), area([[["a", "b"]] * 4]),
        area([[[13, 53]] * 3]), area([[[13, 53, 1, 1]] * 4]), area([[[None, None]] * 4]), area({"a": 1}),
        area([[[True, 53], [14, 54], [14, 53], [True, 53]]]),
        area([[[13, 53], [14, 54], [14, 53], [13, 54]]]),
        area([[[13, 53], [14, 54], [14, 53], [13, 54], [13, 53]]]),  # a bow-tie
        area([[[1300, 53], [1400, 54], [1400, 53], [1300, 53]]]), area(AREA["coordinates"], "MultiPolygon"),
        *(json.dumps(NOTICE).replace("53.1", odd) for odd in ("NaN", "-Infinity", "1e400", "1" + "0" * 400)),
    ],
}  # fmt: skip
NO_STEPS: list[Any] = [1, [], None, {}, *({**STEP, **odd} for odd in (
    {"kind": "flew"}, {"at": "2026-11-18T12:00:00"}, {"at": 1794974400000},
    {"at": "0001-01-01T00:00:00Z"}, {"id": ""}, {"id": "has blanks in it"}, {"id": "a" * 65},
    {"id": 12345678}, {"seq": -1},
    {"seq": 1.5}, {"seq": True}, {"seq": 2**60}, {"ticket": 1}, {"ticket": "T" * 201}, {"boot": -1},
    {"boot": 2**70}, {"note": 5}, {"crew": "C2"}, {"fix": 1}, {"fix": {**FIX, "lon": 181}},
    {"photos": "photo-0001"}, {"photos": [""]}, {"photos": ["photo-0001"] * 51},
    {"fix": {**FIX, "accuracy_m": -1}}, {"fix": {**FIX, "at": 5}}, {"fix": {**FIX, "mock": 1}},
)), {**STEP, "seq": float("nan")}]  # fmt: skip
BAD_CALLS = [(path, who, body) for (path, who), bodies_of in BAD.items() for body in bodies_of]


def named(answer):
    return {each["field"] for each in answer.json["errors"]}


@pytest.mark.parametrize(("body", "field"), BAD_REPORTS, ids=lambda part: ascii(part[:70]))
def test_a_report_that_cannot_be_taken_names_the_field_and_changes_nothing(still, body, field):
    before = still.desk.store.tickets.head()
    answer = still.post("/api/reports", body.encode("utf-8"))
    assert_problem(answer, 422)
    assert field in named(answer)
    assert still.desk.store.tickets.head() == before


@pytest.mark.parametrize("odd", NO_STEPS, ids=lambda part: str(part)[:60])
def test_a_step_that_cannot_be_read_is_refused_alone_and_changes_nothing(still, odd):
    before = still.desk.store.tickets.head()
    answer = still.post("/api/phone/events", json.dumps([odd]), "crew")
    assert answer.status_code == 200
    assert [each["result"] for each in answer.json] == ["refused"]
    assert answer.json[0]["reason"]
    assert still.desk.store.tickets.head() == before


@pytest.mark.parametrize(("path", "who", "body"), BAD_CALLS, ids=lambda part: str(part)[:60])
def test_no_call_takes_a_body_it_does_not_know(still, path, who, body):
    before = still.desk.store.tickets.head()
    answer = still.post(path, body, who)
    assert answer.status_code in {409, 422}, answer.text
    problem = assert_problem(answer, answer.status_code)
    assert problem["errors"] or answer.status_code == 409
    assert still.desk.store.tickets.head() == before


POSTS = [*BAD, ("/api/reports", "dispatcher")]


@pytest.mark.parametrize(("path", "who"), POSTS)
@pytest.mark.parametrize(
    "kind", ["text/plain", "", "application/x-www-form-urlencoded", "text/json", "nonsense"]
)
def test_only_json_is_taken_and_only_when_it_says_so(still, path, who, kind):
    answer = still.post(path, "{}", who, content_type=kind)
    assert assert_problem(answer, 415)["detail"] == "Send the body as application/json."


@pytest.mark.parametrize(("path", "who"), POSTS)
def test_a_body_over_a_mebibyte_is_too_large(still, path, who):
    assert_problem(still.post(path, b"[" + b" " * 2 * 1024 * 1024 + b"]", who), 413)


def test_a_body_in_another_encoding_than_utf_8_is_refused(still):
    text = '{"fault":"no_power","note":"停电"}'
    for encoding in ("utf-16", "gb18030"):
        assert_problem(still.post("/api/reports", text.encode(encoding)), 422)


def test_every_wrong_field_is_named_at_once(still):
    answer = still.post("/api/reports", {"fault": "x", "customers": 0, "place": {"lon": 999, "lat": 1}})
    assert named(answer) == {"fault", "customers", "place.lon"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"fault":"meter","fault":"meter"}', "fault"),
        ('{"fault":"meter","place":{"lon":13,"lat":53,"datum":"gcj02","datum":"gcj02"}}', "datum"),
    ],
)
def test_a_field_that_is_said_twice_is_refused_by_name(still, body, field):
    answer = still.post("/api/reports", body)
    assert_problem(answer, 422)
    assert named(answer) == {field}
    assert "twice" in answer.json["detail"]


def test_a_latitude_beyond_the_pole_is_told_as_perhaps_swapped(still):
    answer = still.post("/api/reports", {"fault": "meter", "place": {"lon": 42.3, "lat": 119.5}})
    assert answer.status_code == 422
    assert "are lon and lat swapped?" in answer.json["detail"]


def test_a_pin_that_lies_in_the_area_when_turned_round_is_told_as_swapped(client):
    report = client.report(place=None, address="?")["report"]
    answer = client.post(f"/api/reports/{report}/place", {"lon": 53.5571, "lat": 13.2612})
    assert answer.status_code == 422
    assert "lon and lat are swapped" in answer.json["detail"]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10_000,
        "💡" * 5_000,
        "停电了，全村都没电",
        "انقطاع التيار \u202eabc",
        "<script>alert(1)</script>",
        "'; DROP TABLE event; --",
        "=HYPERLINK(1)",
        "two\nlines\tand a tab",
        "e\u0301 \u200d \ue000",
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_any_script_is_kept_as_it_was_said(client, text):
    told = client.report(note=text)
    assert client.get(f"/api/tickets/{told['ticket']}").json["reports"][0]["note"] == text


def moment_of(text):
    sent = parse(bodies.ReportBody, json.dumps({"fault": "meter", "received_at": text}).encode())
    assert sent.received_at is not None
    return bodies.ms(sent.received_at)


@pytest.mark.parametrize(
    "noon", ["2026-11-18T12:00:00+08:00", "2026-11-18T04:00:00Z", "2026-11-17T23:00:00.000-05:00"]
)
def test_a_time_may_be_given_with_any_offset(noon):
    assert moment_of(noon) == 1_794_974_400_000


def test_milliseconds_are_kept():
    assert moment_of("2026-11-18T12:00:00.001+08:00") == 1_794_974_400_001


def test_at_most_twenty_faults_are_listed():
    with pytest.raises(BadInput) as refused:
        parse(bodies.StepsBody, json.dumps([{}] * 50).encode())
    assert len(refused.value.errors) == 20
