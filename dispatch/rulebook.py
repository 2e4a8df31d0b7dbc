"""Which policies, kinds of fault and signs of one fault the company has in `data/policies`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from dispatch.errors import SetupError
from dispatch.promise import Policy, TableRow
from dispatch.samefault import Curve, Evidence
from dispatch.ticket import FaultKind, Zone

if TYPE_CHECKING:
    from pathlib import Path

Minutes = Annotated[int, Field(gt=0, le=7 * 24 * 60)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    item: str
    counts: str = Field(pattern="^(arrivals|notices|by_hand)$")
    points: float = Field(ge=0)
    zone: Zone | None = None


class _Minutes(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    urban: Minutes
    rural: Minutes
    remote: Minutes


class _HoursAhead(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    planned: int = Field(ge=0)
    temporary: int = Field(ge=0)


class _PolicyFile(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: str
    version: str
    source: str
    minutes: _Minutes
    hours_ahead: _HoursAhead
    rows: list[_Row]


class FaultNeeds(BaseModel):
    """What a kind of fault needs: skills, crews, usual minutes on site, and whether it endangers people."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    needs: frozenset[str]
    work_min: Minutes
    hazard: bool
    crews: Annotated[int, Field(ge=1, le=2)] = 1


LogOdds = Annotated[float, Field(ge=-50, le=50, allow_inf_nan=False)]
Point = tuple[Annotated[float, Field(ge=0, allow_inf_nan=False)], LogOdds]
Points = Annotated[tuple[Point, ...], Field(min_length=2)]


class _Kinds(BaseModel):
    model_config = ConfigDict(extra="forbid")
    pair: tuple[FaultKind, FaultKind]
    weight: LogOdds


class _SameFaultFile(BaseModel):
    model_config = ConfigDict(extra="forbid")
    prior: LogOdds
    metres: Points
    minutes: Points
    same_transformer: LogOdds
    other_transformer: LogOdds
    other_unit: LogOdds
    kinds_differ: LogOdds
    kinds: list[_Kinds]

    @field_validator("metres", "minutes")
    @classmethod
    def _rises(cls, points: tuple[Point, ...]) -> tuple[Point, ...]:
        if any(before[0] >= after[0] for before, after in pairwise(points)):
            raise ValueError("the first number of each point must be larger than that of the point before")
        return points


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The binding policy, shadow ones computed beside it, the kinds of fault, what speaks for one fault."""

    binding: Policy
    shadows: tuple[Policy, ...]
    faults: Mapping[FaultKind, FaultNeeds]
    same: Evidence


def load_rulebook(folder: Path, binding: str, shadows: tuple[str, ...]) -> Rulebook:
    """The rule books named in the configuration; SetupError names the file and what is wrong in it."""
    faults: Mapping[FaultKind, FaultNeeds] = _read(folder / "faults.toml", Mapping[FaultKind, FaultNeeds])
    if left_out := set(get_args(FaultKind)) - set(faults):
        raise SetupError(f"faults.toml says nothing of {', '.join(sorted(left_out))}")
    policies = [_policy(folder / f"{name}.toml") for name in (binding, *shadows)]
    return Rulebook(policies[0], tuple(policies[1:]), faults, load_evidence(folder))


def load_evidence(folder: Path) -> Evidence:
    """What speaks for one fault, from `samefault.toml`; SetupError names what is wrong in it."""
    book: _SameFaultFile = _read(folder / "samefault.toml", _SameFaultFile)
    curves = {"metres": Curve(book.metres), "minutes": Curve(book.minutes)}
    kinds = {frozenset(each.pair): each.weight for each in book.kinds}
    return Evidence(**{**dict(book), **curves, "kinds": kinds})


def _policy(path: Path) -> Policy:
    book: _PolicyFile = _read(path, _PolicyFile)
    rows = tuple(TableRow(row.item, row.counts, row.points, row.zone) for row in book.rows)
    minutes: Mapping[Zone, int] = {zone: getattr(book.minutes, zone) for zone in get_args(Zone)}
    return Policy(book.name, book.version, book.source, minutes, book.hours_ahead.model_dump(), rows)


def _read(path: Path, kind: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        others = {"faults", "samefault", "speeds"}
        known = ", ".join(sorted(p.stem for p in path.parent.glob("*.toml") if p.stem not in others))
        raise SetupError(f"there is no policy file {path.name}; data/policies has: {known}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupError(f"{path.name} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SetupError(f"{path.name}, {where}: {first['msg']}") from error
