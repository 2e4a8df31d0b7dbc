"""Every key of `config.toml`: what it means, its default and what else it may be."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from dispatch.config import forms

SHORTEST_SILENCE_S = 60.0  # one slow plan, or a page that has not asked again yet, is no silence
Cost: TypeAlias = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Service(_Section):
    """[service]: who answers the calls."""

    name: str = Field("Dispatch", min_length=1, description="the company's name, on every page and table")
    timezone: Annotated[str, AfterValidator(forms.timezone)] = Field(
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

    url: Annotated[str, AfterValidator(forms.store_url)] = Field(
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
    online_url: Annotated[str, AfterValidator(forms.provider)] = Field(
        "", description='https://HOST of a provider of your own; "" takes the public one'
    )
    online_limit_s: float = Field(
        2.0, ge=0.1, le=10, description="seconds a call waits for the provider, all in all"
    )


class Roads(_Section):
    """[roads]: how travel is estimated."""

    engine: Annotated[str, AfterValidator(forms.engine)] = Field(
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
    miss_cost: Cost = Field(
        300,
        description="minutes of lateness that one missed promise is worth: less keeps fewer promises, more "
        "leaves those that are late already waiting longer",
    )
    drive_cost: Cost = Field(
        6, description="cost of a minute on the road: more keeps crews near, less sends whoever is free"
    )
    queue_drive: Cost = Field(
        4,
        description="such a minute costs so many times more once three tickets wait for each crew on duty, "
        "less while fewer do: less sends farther in a storm; 0 turns it off",
    )
    wait_cost: Cost = Field(
        1,
        description="cost of a minute between opening and arrival: less leaves customers to a crew that "
        "comes by later, though one stands idle",
    )
    guard_cost: Cost = Field(
        5,
        description="cost of such a minute, on top, while people are in danger: more reaches them sooner, at "
        "the price of ordinary promises",
    )
    customers_cost: Cost = Field(
        0.5,
        description="weight added for each power of ten of customers without power: more lets large faults "
        "go before the single house",
    )
    hazard_cost: Cost = Field(
        9,
        description="weight added when people are in danger: so many ordinary promises may be missed for it",
    )
    critical_cost: Cost = Field(
        5, description="weight added for a critical customer (a hospital, life support): as for danger"
    )
    horizon_min: float = Field(
        40,
        gt=0,
        le=600,
        description="look-ahead asks what a trip saves against going this much later; shorter: more tickets "
        "wait for a better crew, longer: whoever can go is sent",
    )
    ramp_min: Cost = Field(
        2, description="doubt about an arrival, minutes, while the company's own trips have not shown it"
    )
    ramp_share: Cost = Field(0.15, description="part of the doubt that grows with the time ahead, a share")
    divert_for_hazard: bool = Field(
        default=True,
        description="whether a crew on its way to something ordinary is called off for people in danger",
    )
    divert_gain_min: float = Field(
        10, ge=0, le=600, description="minutes by which they must be reached sooner by it"
    )
    max_changes_per_min: int = Field(2, ge=0, le=100, description="crews called off so in any minute")
    standby: Literal["off", "suggest", "send"] = Field(
        "suggest", description="where idle crews wait: not looked at, shown to the desk, or sent by itself"
    )
    standby_share: float = Field(
        0.02, ge=0, le=1, description="a crew is moved only if so large a share of all accounts is won by it"
    )
    standby_every_min: float = Field(
        30, ge=0, le=1440, description="minutes before a crew on stand-by is asked to go elsewhere"
    )

    @property
    def silent_after_s(self) -> float:
        """Seconds without a plan after which the planner is taken to hang: four rounds, at least a minute."""
        return max(SHORTEST_SILENCE_S, 4 * self.every_s + self.budget_s)


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
    place_min: float = Field(
        5,
        ge=0,
        le=240,
        description="minutes a call may wait for its place to be set on the map; 0 never warns",
    )


class Web(_Section):
    """[web]: where the pages are served."""

    host: str = Field("127.0.0.1", min_length=1, description="0.0.0.0 opens them to the office network")
    port: int = Field(8080, ge=1, le=65535, description="of the pages and the HTTP interface")
    base_url: Annotated[str, AfterValidator(forms.address)] = Field(
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
