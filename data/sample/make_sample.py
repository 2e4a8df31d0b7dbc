"""How the fictional supply company of the sample comes to stand on the real town of the extract.

    .venv/bin/python data/sample/make_sample.py [OUTPUT_DIR]

Reads nothing but the extract beside it and writes the same bytes every time: what looks random hangs on a
digest of the address. Streets, houses and substations are real; every person, number, crew and outage is not.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))  # so that the script runs before the package is installed

from data.sample.zones import hull_wkt, make_zones, zone_of  # noqa: E402 -- see above
from dispatch.gazetteer.distance import distance_m  # noqa: E402 -- see above
from dispatch.gazetteer.extract import Extract, House, Thing, read_extract  # noqa: E402 -- see above
from dispatch.gazetteer.locality import Localities, completed, label  # noqa: E402 -- see above

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely import Geometry

EXTRACT = HERE / "neubrandenburg-2016.osm.pbf"
ACCOUNTS = 2000
REMOTE_ACCOUNTS = 60  # few live there, and a sample without them would show no 120-minute promise

# unit, name, depot: an object of the extract (a substation beside the old town, a small town, a village)
UNITS = (
    ("U1", "城区供电所 Neubrandenburg", "w156941930"),
    ("U2", "施塔加德供电所 Burg Stargard", "n117830170"),
    ("U3", "西湖供电所 Wulkenzin", "n240055878"),
)
# Two crews of every skill are on duty at any hour: C1 and C5 alone already see to that.
CREWS = (
    ("C1", "城区抢修一班", "U1", "lv;hv;meter", "00:00-24:00"),
    ("C2", "城区抢修二班", "U1", "lv;hv", "00:00-24:00"),
    ("C3", "城区抢修三班", "U1", "lv", "08:00-20:00"),
    ("C4", "城区抢修四班", "U1", "lv", "20:00-08:00"),
    ("C5", "施塔加德抢修一班", "U2", "lv;hv;meter", "00:00-24:00"),
    ("C6", "施塔加德抢修二班", "U2", "lv;hv;meter", "08:00-20:00"),
    ("C7", "西湖抢修一班", "U3", "lv;hv", "00:00-24:00"),
    ("C8", "西湖抢修二班", "U3", "lv", "00:00-24:00"),
)
USERS = (
    ("dispatcher", "抢修调度员 王敏 Wang Min", "dispatcher", "", "sample-only-dispatcher"),
    ("crew1", "抢修班组 李强 Li Qiang", "crew", "C1", "sample-only-crew1"),
    ("supervisor", "班长 陈立 Chen Li", "supervisor", "", "sample-only-supervisor"),
    ("auditor", "监管 赵清 Zhao Qing", "auditor", "", "sample-only-auditor"),
    ("intake", "合作系统 95598", "intake", "", "sample-only-intake"),
)
# outage, kind, cause, published_at, from, to, streets
OUTAGES = (
    (
        "O1", "planned", "更换配电变压器 transformer replacement",
        "2026-10-12T09:00:00+08:00", "2026-10-20T08:30:00+08:00", "2026-10-20T17:00:00+08:00",
        ("Weidegang", "Fohlenwinkel"),
    ),
    (
        "O2", "planned", "馈线长期改造 long feeder rebuild",
        "2026-10-20T09:00:00+08:00", "2026-11-01T00:00:00+08:00", "2027-12-31T23:59:00+08:00",
        ("Rubinweg",),
    ),
)  # fmt: skip

SURNAMES = (
    "王 Wang,李 Li,张 Zhang,刘 Liu,陈 Chen,杨 Yang,黄 Huang,赵 Zhao,吴 Wu,周 Zhou,徐 Xu,孙 Sun,"
    "马 Ma,朱 Zhu,胡 Hu,郭 Guo,何 He,林 Lin,高 Gao,罗 Luo,郑 Zheng,梁 Liang,谢 Xie,宋 Song,"
    "唐 Tang,许 Xu,韩 Han,冯 Feng,邓 Deng,曹 Cao"
)
GIVEN = (
    "秀英 Xiuying,伟 Wei,芳 Fang,娜 Na,敏 Min,静 Jing,丽 Li,强 Qiang,磊 Lei,军 Jun,洋 Yang,"
    "勇 Yong,艳 Yan,杰 Jie,娟 Juan,涛 Tao,明 Ming,超 Chao,秀兰 Xiulan,霞 Xia,平 Ping,刚 Gang,"
    "桂英 Guiying,建华 Jianhua,文 Wen,玲 Ling,国强 Guoqiang,春梅 Chunmei,海燕 Haiyan,志明 Zhiming,"
    "晓东 Xiaodong,雪梅 Xuemei,建国 Jianguo,婷 Ting,宇 Yu,欣怡 Xinyi"
)
# Numbers that Germany's regulator keeps free for films: nobody is called by mistake.
FILM_NUMBERS = ("030-23125", "069-90009", "040-66969", "0221-4710", "089-99998")


@dataclass(frozen=True, slots=True)
class Address:
    """A house as the gazetteer shows it, degrees WGS-84."""

    text: str
    lon: float
    lat: float


def main(out: Path) -> None:
    """Write all files of the sample into `out`."""
    out.mkdir(parents=True, exist_ok=True)
    extract = read_extract(EXTRACT)
    localities = Localities(extract.things)
    units = unit_rows(extract)
    transformers = transformer_rows(extract, localities)
    zones, geojson = make_zones(EXTRACT, extract.things)
    (out / "zones.geojson").write_text(geojson, encoding="utf-8", newline="\n")
    write(out / "units.csv", "unit,name,depot_lon,depot_lat", units)
    write(out / "crews.csv", "crew,name,unit,depot,depot_lon,depot_lat,skills,shift,phone", crew_rows(units))
    write(out / "transformers.csv", "transformer,name,lon,lat", transformers)
    write(
        out / "accounts.csv",
        "account_no,name,phone,address,lon,lat,transformer,unit,zone",
        account_rows(addresses(extract, localities), transformers, units, zones),
    )
    write(out / "outages.csv", "outage,kind,cause,published_at,from,to,area", outage_rows(extract.houses))
    write(out / "users.csv", "user,name,role,crew,password", USERS)


def write(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file: UTF-8, one header line, Unix line ends."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


def unit_rows(extract: Extract) -> list[tuple[str, str, float, float]]:
    """The units with their depots."""
    by_osm = {thing.osm: thing for thing in extract.things}
    return [(unit, name, by_osm[osm].lon, by_osm[osm].lat) for unit, name, osm in UNITS]


def crew_rows(units: list[tuple[str, str, float, float]]) -> list[tuple[object, ...]]:
    """The crews at their unit's depot, with a phone number that is kept free for films."""
    depots = {unit: (name, lon, lat) for unit, name, lon, lat in units}
    return [
        (crew, name, unit, *depots[unit], skills, shift, f"0171-39200{number:02d}")
        for number, (crew, name, unit, skills, shift) in enumerate(CREWS, start=1)
    ]


def transformer_rows(extract: Extract, localities: Localities) -> list[tuple[str, str, float, float]]:
    """The substations and transformers as transformer areas; a machine inside a substation belongs to it."""
    things = sorted(
        (t for t in extract.things if t.kind == "transformer"), key=lambda t: (t.osm[0], int(t.osm[1:]))
    )
    sites = [thing for thing in things if thing.detail != "transformer"]
    counts: dict[str, int] = {}
    rows = []
    for thing in things:
        if thing.detail == "transformer" and _is_inside(thing, sites):
            continue
        quarter = localities.nearest(thing.lon, thing.lat)
        counts[quarter] = counts.get(quarter, 0) + (not thing.name)
        name = thing.name or f"{quarter} {counts[quarter]} 号台区"
        rows.append((f"TR-{thing.osm}", name, thing.lon, thing.lat))
    return rows


def _is_inside(thing: Thing, sites: list[Thing]) -> bool:
    return any(distance_m((thing.lon, thing.lat), (s.lon, s.lat)) < s.reach_m for s in sites)


def addresses(extract: Extract, localities: Localities) -> list[Address]:
    """Every address with a number in a street or village, once, in an order that means nothing."""
    found: dict[str, Address] = {}
    for house in extract.houses:
        if (house.street or house.city) and len(house.number) <= 5:
            text = label(*_in_order(house, localities))
            found.setdefault(text, Address(text, house.lon, house.lat))
    return sorted(found.values(), key=lambda address: digest(address.text))


def _in_order(house: House, localities: Localities) -> tuple[str, str, str]:
    street, city = completed(house, localities)
    return street, house.number, city


def account_rows(
    pool: list[Address],
    transformers: list[tuple[str, str, float, float]],
    units: list[tuple[str, str, float, float]],
    zones: dict[str, Geometry],
) -> list[tuple[object, ...]]:
    """2,000 customers: a few of the remote zone, the rest wherever people live."""
    zoned = [(address, zone_of(zones, address.lon, address.lat)) for address in pool]
    remote = [pair for pair in zoned if pair[1] == "remote"][:REMOTE_ACCOUNTS]
    others = [pair for pair in zoned if pair[1] != "remote"][: ACCOUNTS - len(remote)]
    taken = sorted(remote + others, key=lambda pair: digest(pair[0].text))
    return [
        (
            f"{4_100_000_000 + 37 * number}", person(address.text), phone(number), address.text,
            address.lon, address.lat, nearest(address, transformers), nearest(address, units), zone,
        )
        for number, (address, zone) in enumerate(taken, start=1)
    ]  # fmt: skip


def nearest(address: Address, rows: list[tuple[str, str, float, float]]) -> str:
    """The id of the nearest transformer or depot, as the crow flies."""
    return min(rows, key=lambda row: (distance_m((address.lon, address.lat), (row[2], row[3])), row[0]))[0]


def person(address: str) -> str:
    """An invented name for the customer at an address, in characters and in letters."""
    surname = pick(SURNAMES, address + " surname").split()
    given = pick(GIVEN, address + " given").split()
    return f"{surname[0]}{given[0]} {surname[1]} {given[1]}"


def pick(names: str, text: str) -> str:
    """The one of comma-separated `names` that `text` always leads to."""
    choices = names.split(",")
    return choices[digest(text) % len(choices)]


def phone(number: int) -> str:
    """A number kept free for films; each customer has their own."""
    block, line = divmod(number, 1000)
    return f"{FILM_NUMBERS[block]}{line:03d}"


def outage_rows(houses: list[House]) -> list[tuple[str, ...]]:
    """The notices, each over the houses of its streets."""
    rows = []
    for *facts, streets in OUTAGES:
        points = [(house.lon, house.lat) for house in houses if house.street in streets]
        rows.append((*(str(fact) for fact in facts), hull_wkt(points, margin_m=15)))
    return rows


def digest(text: str) -> int:
    """A number that hangs on the text alone, the same on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
