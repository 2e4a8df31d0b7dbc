"""What programs and pages may send: every body as a strict model; unknown fields are refused by name."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
)

from dispatch.ticket import Channel, FaultKind, FieldKind, Resolution

Datum = Literal["wgs84", "gcj02", "bd09"]
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
NEWEST = datetime(2200, 1, 1, tzinfo=UTC)  # calendars end soon after 9999; nobody plans that far
KEPT_CONTROLS = "\n\r\t"


def _plain(text: str) -> str:
    """Any script and any emoji; but no control characters, which no sheet and no screen can show."""
    odd = next((c for c in text if _is_odd(c) and c not in KEPT_CONTROLS), None)
    if odd is not None:
        raise ValueError(f"holds the control character U+{ord(odd):04X}; remove it")
    return text.strip()


def _is_odd(char: str) -> bool:
    """A control character, or one of the two code points of each plane that are no characters."""
    return unicodedata.category(char) == "Cc" or ord(char) & 0xFFFE == 0xFFFE


def _moment(value: datetime) -> datetime:
    if not OLDEST <= value < NEWEST:
        raise ValueError("lies outside the years 2000 to 2199")
    return value


def _iso(value: Any) -> Any:
    """Only ISO 8601 text: a bare number would be guessed to be seconds since 1970."""
    if not isinstance(value, str) or not ISO.match(value):
        raise ValueError("must be ISO 8601 text with an offset, such as 2026-10-03T08:15:00+08:00")
    return value


Moment = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_iso), AfterValidator(_moment)]
Short = Annotated[str, Field(max_length=200), AfterValidator(_plain)]
Line = Annotated[str, Field(max_length=1000), AfterValidator(_plain)]
Long = Annotated[str, Field(max_length=10_000), AfterValidator(_plain)]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


class Body(BaseModel):
    """Strict: no guessing of types, no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class PlaceBody(Body):
    """A place in the datum its source declares."""

    lon: Lon
    lat: Lat
    datum: Datum = "wgs84"
    precision_m: float = Field(default=30.0, ge=0, le=100_000, allow_inf_nan=False)


class CallerBody(Body):
    """Who calls."""

    name: Short = ""
    phone: Annotated[str, Field(max_length=40, pattern=r"^[0-9+() .,;/#*\-转]*$")] = ""


class ReportBody(Body):
    """A repair report."""

    received_at: Moment | None = None
    channel: Channel = "phone"
    caller: CallerBody | None = None
    account_no: Short = ""
    transformer: Short = ""
    address: Line = ""
    place: PlaceBody | None = None
    fault: FaultKind
    note: Long = ""
    customers: int = Field(default=1, ge=1, le=10_000_000)
    critical: bool = False
    unit: Short = ""


class PinBody(Body):
    """Where a report is, said by the desk."""

    lon: Lon
    lat: Lat
    datum: Datum = "wgs84"
    reason: Line = ""


class MergeBody(Body):
    """The ticket a report belongs to."""

    ticket: Short


class NothingBody(Body):
    """No field is needed."""


class SeenBody(Body):
    """The warnings that a person has seen, as `A7`."""

    alerts: Annotated[list[Short], Field(min_length=1, max_length=20_000)]


class ResolveBody(Body):
    """How a report was answered without a trip."""

    how: Resolution
    note: Long = ""


class AssignBody(Body):
    """The crew the dispatcher sends, and why, in their own words.

    With `pin` it stays sent whatever happens; without, it may be called off for people in danger elsewhere,
    like a crew that the planner sent. `second` sends it beside the one that goes; `replaces` names the crew
    that leads, which it is sent in place of though a person sent that one.
    """

    crew: Short
    pin: bool = True
    reason: Line = ""
    second: bool = False
    replaces: Short | Literal[""] = ""


class StandByBody(Body):
    """Where a crew shall wait."""

    lon: Lon
    lat: Lat
    datum: Datum = "wgs84"


class ReasonBody(Body):
    """Why."""

    reason: Line = ""


class TakeBackBody(Body):
    """Why, and which crew of two."""

    reason: Line = ""
    crew: Short | Literal[""] = ""


class CallbackBody(Body):
    """What the customer said when called back."""

    reached: bool
    satisfied: bool | None = None
    power_back: bool | None = None
    note: Long = ""


class FixBody(Body):
    """A position fix of a phone."""

    lon: Lon
    lat: Lat
    accuracy_m: float = Field(ge=0, le=1_000_000, allow_inf_nan=False)
    at: Moment
    mock: bool = False


OWN_ID = re.compile(r"[A-Za-z0-9_.:\-]{1,64}")
OwnId = Annotated[str, Field(pattern=f"^{OWN_ID.pattern}$")]  # given by the phone


class StepBody(Body):
    """One step of a crew, with the phone's own id, time and count."""

    id: OwnId
    ticket: Short
    kind: FieldKind
    at: Moment
    seq: int = Field(ge=0, le=2**53)
    fix: FixBody | None = None
    note: Long = ""
    photos: Annotated[list[OwnId], Field(max_length=50)] = []
    boot: int | None = Field(default=None, ge=0, le=2**53)


class StepsBody(RootModel[Annotated[list[StepBody], Field(max_length=500)]]):
    """What a phone has to say, in any order, however late; described as one, read one by one."""


AnySteps = Annotated[list[Any], Field(max_length=500)]  # as delivered: each is read apart


class PositionBody(Body):
    """Where a crew's phone was."""

    at: Moment
    lon: Lon
    lat: Lat
    accuracy_m: float = Field(ge=0, le=1_000_000, allow_inf_nan=False)


class PositionsBody(RootModel[Annotated[list[PositionBody], Field(max_length=1000)]]):
    """A phone's positions."""


Spot = Annotated[list[Annotated[float, Field(allow_inf_nan=False)]], Field(min_length=2, max_length=3)]
Rings = Annotated[list[Annotated[list[Spot], Field(min_length=4)]], Field(min_length=1)]


class PolygonBody(Body):
    """A GeoJSON polygon, (lon, lat) WGS-84."""

    type: Literal["Polygon"]
    coordinates: Rings


class MultiPolygonBody(Body):
    """Several GeoJSON polygons, (lon, lat) WGS-84."""

    type: Literal["MultiPolygon"]
    coordinates: Annotated[list[Rings], Field(min_length=1)]


class NoticeBody(Body):
    """A planned or temporary outage; without an `id` it gets the next free one."""

    id: Annotated[str, Field(pattern=r"^[\w.\-]{0,40}$")] = ""
    kind: Literal["planned", "temporary"] = "planned"
    cause: Line
    published_at: Moment
    from_: Moment = Field(alias="from")
    to: Moment
    area: Annotated[PolygonBody | MultiPolygonBody, Field(discriminator="type")]


Spots = Annotated[list[Spot], Field(min_length=2)]


class LineBody(Body):
    """A GeoJSON line, (lon, lat) WGS-84."""

    type: Literal["LineString"]
    coordinates: Spots


class MultiLineBody(Body):
    """Several GeoJSON lines, (lon, lat) WGS-84."""

    type: Literal["MultiLineString"]
    coordinates: Annotated[list[Spots], Field(min_length=1)]


class ClosureBody(Body):
    """Roads closed or slowed: where, to which share of their usual speed, from when (now) until when."""

    geometry: Annotated[
        LineBody | MultiLineBody | PolygonBody | MultiPolygonBody, Field(discriminator="type")
    ]
    factor: float = Field(ge=0, le=1, allow_inf_nan=False)
    from_: Moment | None = Field(default=None, alias="from")
    until: Moment | None = None
    reason: Line


class WeatherBody(Body):
    """Severe weather: of what kind (storm, snow, flood ...), from when (now) until when."""

    kind: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(_plain)]
    from_: Moment | None = Field(default=None, alias="from")
    until: Moment


def ms(moment: datetime) -> int:
    """Epoch milliseconds of an aware moment."""
    return round(moment.timestamp() * 1000)
