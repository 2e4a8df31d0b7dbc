"""The company's own data: all rows of a file or none, whatever program wrote it."""

from __future__ import annotations

import pytest
from openpyxl import Workbook

from dispatch.crew import parse_breaks, parse_shift
from dispatch.desk.company import import_accounts, import_crews, import_transformers, import_units
from dispatch.errors import BadInput
from dispatch.store import open_store
from tests.desk.county import call
from tests.okcounty import spot

CREWS = "crew,name,unit,depot_lon,depot_lat,skills,shift\n"


def table(home, text, encoding="utf-8"):
    path = home / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_crews_come_with_skills_and_shift(county, tmp_path):
    path = table(tmp_path, CREWS + "north,North 1,U1,120.03,0.08,hv; lv,20:00-08:00\n")
    assert import_crews(county, path) == 1
    crew = county.store.company.get_crew("north")
    assert (crew.skills, crew.shift) == ({"lv", "hv"}, parse_shift("20:00-08:00"))


def test_crews_come_with_their_breaks(county, tmp_path):
    columns = CREWS.strip() + ",break\n"
    row = "north,North 1,U1,120.03,0.08,lv,08:00-20:00,"
    import_crews(county, table(tmp_path, columns + row + "12:00-12:30;16:00-16:15\n"))
    assert county.store.company.get_crew("north").breaks == parse_breaks("12:00-12:30;16:00-16:15")
    with pytest.raises(BadInput, match="line 2: '12' is not a break"):
        import_crews(county, table(tmp_path, columns + row + "12\n"))


DAY_OF_BREAKS = ";".join(f"{hour:02d}:00-{hour + 4:02d}:00" for hour in range(0, 24, 4))


@pytest.mark.parametrize(
    ("shift", "breaks", "works"),
    [
        ("00:00-24:00", DAY_OF_BREAKS, False),
        ("00:00-24:00", DAY_OF_BREAKS.replace("04:00;", "03:59;"), True),
        ("20:00-04:00", "19:00-22:00;21:30-01:30;01:00-05:00", False),
        ("20:00-04:00", "20:01-24:00;00:00-04:00", True),
    ],
    ids=["round the clock", "but a minute", "past midnight", "but the first minute"],
)
def test_breaks_that_leave_nothing_of_a_shift_are_refused(county, tmp_path, shift, breaks, works):
    row = f"north,North 1,U1,120.03,0.08,lv,{shift},{breaks}\n"
    path = table(tmp_path, CREWS.strip() + ",break\n" + row)
    if works:
        assert import_crews(county, path) == 1
        return
    with pytest.raises(BadInput, match=f"line 2: the breaks .* leave nothing of the shift '{shift}'"):
        import_crews(county, path)


def test_a_row_of_the_same_id_replaces_the_crew(county, tmp_path):
    import_crews(county, table(tmp_path, CREWS + "west,West night,U2,120.03,0.08,lv,20:00-08:00\n"))
    assert [(crew.id, crew.name) for crew in county.store.company.crews()] == [
        ("east", "East 1"),
        ("west", "West night"),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("south,South,U9,120.03,0.08,lv,08:00-20:00", "line 3: there is no unit 'U9'"),
        ("south,South,U1,120.03,0.08,lv,8-20", "line 3: '8-20' is not a shift"),
        ("south,South,U1,120.03,0.08,lv,25:00-26:00", "line 3: .* is not a shift"),
        ("south,South,U1,320.03,0.08,lv,08:00-20:00", "line 3: .* no place on earth"),
        (",South,U1,120.03,0.08,lv,08:00-20:00", "line 3: crew '' must be"),
        ("north,Again,U1,120.03,0.08,lv,08:00-20:00", "line 3: crew 'north' stands in line 2 already"),
        ("south,South,U1,120.03,0.08,lv,08:00-20:00,what", "line 3: more cells than columns"),
    ],
)
def test_one_bad_crew_keeps_the_whole_table_out(county, tmp_path, row, why):
    good = "north,North 1,U1,120.03,0.08,lv,08:00-20:00\n"
    with pytest.raises(BadInput, match=why):
        import_crews(county, table(tmp_path, CREWS + good + row + "\n"))
    assert [crew.id for crew in county.store.company.crews()] == ["east", "west"]


def test_a_missing_column_is_named(county, tmp_path):
    with pytest.raises(BadInput, match="has no column shift"):
        import_crews(county, table(tmp_path, "crew,name,unit,depot_lon,depot_lat,skills\n"))


def test_a_table_as_chinese_office_programs_write_it_is_read(county, tmp_path):
    text = CREWS + "城区1班,城区抢修一班,U1,120.03,0.08,lv,08:00-20:00\n"
    assert import_crews(county, table(tmp_path, text, "gb18030")) == 1
    assert county.store.company.get_crew("城区1班").name == "城区抢修一班"


def test_a_workbook_is_read_like_a_table(county, tmp_path):
    book = Workbook()
    book.active.append(["account_no", "address", "lon", "lat", "phone", None])
    book.active.append([7002, "Mill Lane 4", 120.03, 0.04, "555-7002"])
    book.active.append([None, None, None, None, None])
    book.save(tmp_path / "accounts.xlsx")
    assert import_accounts(county, tmp_path / "accounts.xlsx") == 1
    found = county.store.company.find_account("7002")
    assert (found["address"], found["lon"], found["phone"]) == ("Mill Lane 4", 120.03, "555-7002")


def test_accounts_in_the_companys_datum_are_converted(county, tmp_path):
    gazetteer = county.config.gazetteer.model_copy(update={"datum": "gcj02"})
    county.config = county.config.model_copy(update={"gazetteer": gazetteer})
    import_accounts(county, table(tmp_path, "account_no,address,lon,lat\n1,Palace,116.404,39.915\n"))
    lon = county.store.company.find_account("1")["lon"]
    assert 0.001 < 116.404 - lon < 0.01


def test_an_account_of_no_unit_of_ours_is_refused_but_one_of_none_is_not(county, tmp_path):
    head = "account_no,address,lon,lat,unit\n"
    with pytest.raises(BadInput, match="line 2: there is no unit 'U9'"):
        import_accounts(county, table(tmp_path, head + "1,Palace,120,0,U9\n"))
    assert import_accounts(county, table(tmp_path, head + "1,Palace,120.03,0.04,\n")) == 1
    assert call(county, "08:00", account_no="1").report.unit == "U1", "by road"


def test_units_and_transformer_areas_come_from_tables(county, tmp_path):
    lon, lat = spot(1, 1)
    head = "unit,name,depot_lon,depot_lat\n"
    assert import_units(county, table(tmp_path, f"{head}U3,South,{lon},{lat}\n")) == 1
    assert [unit.id for unit in county.store.company.units()] == ["U1", "U2", "U3"]
    assert (
        import_transformers(county, table(tmp_path, f"transformer,name,lon,lat\nTR1,Mill,{lon},{lat}\n")) == 1
    )


def test_a_transformer_area_lies_in_the_companys_datum_too(county, tmp_path):
    gazetteer = county.config.gazetteer.model_copy(update={"datum": "gcj02"})
    county.config = county.config.model_copy(update={"gazetteer": gazetteer})
    import_transformers(county, table(tmp_path, "transformer,name,lon,lat\nTR1,Mill,116.404,39.915\n"))
    assert 0.001 < 116.404 - county.store.company.find_transformer("Mill")["lon"] < 0.01


def test_an_account_without_a_place_is_taken_in_at_its_transformer(county, tmp_path):
    lon, lat = spot(10, 4)
    import_transformers(county, table(tmp_path, f"transformer,name,lon,lat\nTR1,Mill,{lon},{lat}\n"))
    head = "account_no,address,lon,lat,transformer\n"
    import_accounts(county, table(tmp_path, head + "1,Mill 1,,,TR1\n2,Mill 2,120.03,0.04,TR1\n"))
    places = [call(county, "08:00", account_no=number).report.place for number in "12"]
    assert [place.method for place in places if place] == ["transformer", "account"]
    with pytest.raises(BadInput, match="line 2: has no lon, lat, and its transformer 'TR9' is unknown"):
        import_accounts(county, table(tmp_path, head + "3,Mill 3,,,TR9\n"))


def test_one_bad_account_keeps_every_account_out_however_many_came_before(county, tmp_path):
    good = "".join(f"{number},Mill,120.03,0.04\n" for number in range(100, 1100))
    bad = "100,Twice,120.03,0.04\nx y,Mill,120.03,0.04\n9,Mill,200,0\n"
    with pytest.raises(
        BadInput, match=r"line 1002: account_no '100' stands in line 2.*\(and 2 more\)"
    ) as told:
        import_accounts(county, table(tmp_path, "account_no,address,lon,lat\n" + good + bad))
    assert [fault.field for fault in told.value.errors] == ["line 1002", "line 1003", "line 1004"]
    assert county.store.company.find_account("100") is None
    assert not county.store.company.sample_accounts(10)[1:], "as before"


def test_an_account_taken_in_again_is_replaced_and_the_others_stay(county, tmp_path):
    head = "account_no,address,lon,lat\n"
    for address in ("Mill Lane 3", "Mill Lane 5"):
        assert import_accounts(county, table(tmp_path, f"{head}7002,{address},120.03,0.04\n")) == 1
    company = county.store.company
    assert [company.find_account(no)["address"] for no in ("7001", "7002")] == ["Mill Lane 2", "Mill Lane 5"]


def test_a_long_import_tells_how_far_it_is(county, tmp_path, monkeypatch):
    monkeypatch.setattr("dispatch.desk.company.TOLD_EVERY", 2)
    told: list[int] = []
    rows = "".join(f"{number},Mill,120.03,0.04\n" for number in range(5))
    import_accounts(county, table(tmp_path, "account_no,address,lon,lat\n" + rows), told.append)
    assert told == [2, 4]


def test_others_may_write_while_accounts_are_read(county, tmp_path):
    told: list[str] = []
    rows = "account_no,address,lon,lat\n1,Mill,120.03,0.04\n2,Mill,120.03,0.04\n"

    def meanwhile(number: int) -> None:
        other = open_store(f"sqlite:{county.store.database.path}")
        other.company.set_setting("meanwhile", str(number))
        other.database.close()
        told.append("written")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dispatch.desk.company.TOLD_EVERY", 1)
        assert import_accounts(county, table(tmp_path, rows), meanwhile) == 2
    assert told == ["written", "written"]
