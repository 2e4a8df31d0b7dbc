"""What the company set: defaults, then `config.toml`, then the environment; every key is documented here.

Secrets are never in the file: see `secret.py`.
"""

from __future__ import annotations

import os
import re
import tomllib
import zoneinfo
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from dispatch.errors import SetupError
from dispatch.paths import from_root

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic_core import ErrorDetails

Cost: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)]


def _timezone(name: str) -> str:
    """`name` when the machine knows such a time zone; ValueError with the nearest names otherwise."""
    known = zoneinfo.available_timezones()
    if name not in known:
        raise ValueError(f"there is no time zone {name!r}{_meant(name, known)}")
    return name


def _store_url(url: str) -> str:
    """`url` when a store can be behind it; the message never repeats it, as it may hold a password."""
    if not re.fullmatch(r"sqlite:[^?]+|postgresql://.+", url):
        raise ValueError("must look like sqlite:PATH or postgresql://…")
    return url


def _address(url: str) -> str:
    """`url` when it is one that pages can be under, or empty."""
    if not re.fullmatch(r"(https?://[^/\s]+(/\S*)?)?", url):
        raise ValueError("must look like https://dispatch.example")
    return url.rstrip("/")


def _provider(url: str) -> str:
    """`url` when keys and addresses may be sent there: encrypted, or on this machine; or empty."""
    if not re.fullmatch(r"(https://[\w.-]+(:\d{1,5})?|http://(127\.0\.0\.1|localhost)(:\d{1,5})?)?", url):
        raise ValueError("must look like https://HOST or https://HOST:PORT, without a path")
    return url


def _engine(name: str) -> str:
    """`name` when roads can be asked by it."""
    server = r"osrm:https?://([\w.-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?(/[\w./-]*)?"
    if name not in {"auto", "cch", "dijkstra"} and not re.fullmatch(server, name):
        raise ValueError('must be "auto", "cch", "dijkstra" or look like "osrm:http://HOST:5000"')
    return name


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Service(_Section):
    """[service]: who answers the calls."""

    name: str = Field("Dispatch", min_length=1, description="the company's name, on every page and table")
    timezone: Annotated[str, AfterValidator(_timezone)] = Field(
        "Asia/Shanghai", description="whose midnight begins a month and a shift (an IANA name)"
    )
    language: Literal["zh", "en"] = Field("zh", description="of pages and exports until somebody switches")
    hotline: str = Field("95598", description="the number that callers are told")


class PolicyChoice(_Section):
    """[policy]: which rule books of `data/policies` are computed."""

    binding: str = Field("state-grid", min_length=1, description="the promise that is made, by file name")
    shadow: tuple[str, ...] = Field(
        ("supervision-2009",), strict=False, description="computed and shown beside it, promised to nobody"
    )


class Store(_Section):
    """[store]: where reports are kept."""

    url: Annotated[str, AfterValidator(_store_url)] = Field(
        "sqlite:data/local/dispatch.db",
        description="sqlite:PATH (from the project's folder); DISPATCH_STORE_URL in the environment wins",
    )


class Area(_Section):
    """[area]: the built map."""

    path: str = Field("data/local/area", min_length=1, description="the folder `dispatch build` wrote")


class Zones(_Section):
    """[zones]: what is urban, rural or remote."""

    file: str = Field("", description="approved polygons for `dispatch init` (GeoJSON or GeoPackage)")
    default: Literal["", "urban", "rural"] = Field(
        "", description='the zone of a place in no polygon; "" takes the strictest and asks for a decision'
    )
    account_class: Literal["wins", "shown", "ignored"] = Field(
        "wins",
        description="the class on the customer's record: decides, only shows where it differs, or neither",
    )


class Company(_Section):
    """[company]: files that `dispatch init` reads, CSV or XLSX; each may be left out and imported later."""

    units: str = Field("", description="supply units and their depots")
    crews: str = Field("", description="crews with unit, depot, skills, shift and phone")
    transformers: str = Field("", description="transformer areas and where they stand")
    accounts: str = Field("", description="customers' accounts with address, place, transformer and zone")
    outages: str = Field("", description="outage notices already published")


class GazetteerChoice(_Section):
    """[gazetteer]: how places are read."""

    datum: Literal["wgs84", "gcj02", "bd09"] = Field(
        "wgs84", description="of coordinates in the company's own files, which do not say it themselves"
    )
    online: Literal["", "nominatim", "photon", "baidu", "amap"] = Field(
        "",
        description="asked last, before somebody has to point at the map; addresses leave the house then. "
        "The keys of baidu and amap: DISPATCH_BAIDU_KEY, DISPATCH_AMAP_KEY in the environment",
    )
    online_url: Annotated[str, AfterValidator(_provider)] = Field(
        "", description='https://HOST of a provider of your own; "" takes the public one'
    )
    online_limit_s: float = Field(
        2.0, ge=0.1, le=10, description="seconds a call waits for the provider, all in all"
    )


class Roads(_Section):
    """[roads]: how travel is estimated."""

    engine: Annotated[str, AfterValidator(_engine)] = Field(
        "auto",
        description='"auto" takes the fastest that is installed of "cch" and "dijkstra"; '
        '"osrm:http://HOST:5000" asks an OSRM server instead, which takes closures by its own means only',
    )
    osrm_table: int = Field(
        100, ge=1, le=150, description="rows and columns of one OSRM table: at most its --max-table-size"
    )


class Plan(_Section):
    """[plan]: when crews are planned anew, and what is traded against what (see `dispatch/plan/cost.py`)."""

    every_s: float = Field(15, ge=1, le=600, description="seconds between plans when nothing has changed")
    budget_s: float = Field(0.2, gt=0, le=60, description="seconds one plan may think")
    late_beyond_min: float = Field(
        120,
        ge=0,
        description="minutes late beyond which each minute counts double: shortens the longest waits, costs "
        "some promises; inf turns it off",
    )
    miss_cost: Cost = Field(300, description="minutes of lateness that one missed promise is worth")
    drive_cost: Cost = Field(0.05, description="cost of a minute on the road")
    wait_cost: Cost = Field(0.01, description="cost of a minute between opening and arrival")
    customers_cost: Cost = Field(0.5, description="weight added for each power of ten of customers")
    hazard_cost: Cost = Field(9, description="weight added when people are in danger")
    critical_cost: Cost = Field(5, description="weight added for a critical customer")
    horizon_min: float = Field(
        40,
        gt=0,
        le=600,
        description="look-ahead asks what a trip saves against going this much later; shorter: more tickets "
        "wait for a better crew, longer: whoever can go is sent",
    )
    busy_share: Cost = Field(
        0.3, description="how much longer than expected a crew at work is taken to stay busy, a share"
    )
    busy_least_min: Cost = Field(
        12, description="and at least so many minutes: one that is overdue is not free in a minute"
    )
    ramp_min: Cost = Field(
        2, description="doubt about an arrival, minutes, while the company's own trips have not shown it"
    )
    ramp_share: Cost = Field(0.15, description="part of the doubt that grows with the time ahead, a share")


class Merge(_Section):
    """[merge]: when reports become one ticket."""

    auto_from: float = Field(
        1,
        ge=0.5,
        le=1,
        description="merged by itself when so sure (0-1) that it is an open ticket's fault; 1 is never",
    )


class Alerts(_Section):
    """[alerts]: when the desk is warned."""

    minutes_before_due: float = Field(
        10, ge=0, le=240, description="warned so long before a ticket without a crew on site is due; 0 never"
    )
    accept_min: float = Field(
        3, ge=0, le=240, description="minutes a crew has to accept, usual practice is 3; 0 never warns"
    )
    silent_min: float = Field(
        15,
        ge=0,
        le=240,
        description="minutes without a step or a position of a crew under way; 0 never warns",
    )


class Web(_Section):
    """[web]: where the pages are served."""

    host: str = Field("127.0.0.1", min_length=1, description="0.0.0.0 opens them to the office network")
    port: int = Field(8080, ge=1, le=65535, description="of the pages and the HTTP interface")
    base_url: Annotated[str, AfterValidator(_address)] = Field(
        "", description='the address people type, for links; "" makes it from host and port'
    )


class Config(_Section):
    """All settings; `Config()` is the defaults."""

    service: Service = Service()
    policy: PolicyChoice = PolicyChoice()
    store: Store = Store()
    area: Area = Area()
    zones: Zones = Zones()
    company: Company = Company()
    gazetteer: GazetteerChoice = GazetteerChoice()
    roads: Roads = Roads()
    plan: Plan = Plan()
    merge: Merge = Merge()
    alerts: Alerts = Alerts()
    web: Web = Web()


SECTIONS: dict[str, type[BaseModel]] = {name: type(section) for name, section in Config()}


def load(path: Path | None = None, environ: Mapping[str, str] = os.environ) -> Config:
    """The settings in force: defaults, then the file, then the environment.

    The file is `path`, else the one named by DISPATCH_CONFIG, else `config.toml` of the project, which alone
    may be missing. SetupError, in one line, names the file, section and key of every mistake.
    """
    named = path or (Path(environ["DISPATCH_CONFIG"]) if environ.get("DISPATCH_CONFIG") else None)
    file = from_root(named or "config.toml")
    raw = _read(file) if named or file.exists() else {}
    config = _validated(raw, file.name)
    if url := environ.get("DISPATCH_STORE_URL"):
        store = _validated({"store": {"url": url}}, "DISPATCH_STORE_URL").store
        config = config.model_copy(update={"store": store})
    return config


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SetupError(f"cannot read the configuration {file}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SetupError(f"{file.name} is not UTF-8 text: save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{file.name} is not TOML: {error}") from error


def _validated(raw: Mapping[str, Any], source: str) -> Config:
    try:
        return Config.model_validate(raw)
    except ValidationError as error:
        raise SetupError(f"{source}: " + "; ".join(_sentence(e) for e in error.errors())) from error


def _sentence(error: ErrorDetails) -> str:
    """One mistake in words: where it stands, what is wrong, what was probably meant."""
    section, *keys = (str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden" and keys:
        return f"[{section}] has no key {keys[0]!r}{_meant(keys[0], SECTIONS[section].model_fields)}"
    if error["type"] == "extra_forbidden" and isinstance(error["input"], dict):
        return f"there is no section [{section}]{_meant(section, SECTIONS)}"
    if not keys:
        return f"{section!r} stands outside a section: put it under one of [{'], ['.join(SECTIONS)}]"
    where = f"[{section}] {keys[0]}"
    if error["type"] == "value_error":
        return f"{where}: {error['ctx']['error']}"
    return f"{where}: {error['msg'].replace('Input should', 'should')}, not {error['input']!r}"


def _meant(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
