"""Which policies and kinds of fault the company runs, read from the files in `data/policies`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dispatch.errors import SetupError
from dispatch.promise import Policy, TableRow
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
    """What a kind of fault needs: skills, usual minutes on site, and whether it endangers people."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    needs: frozenset[str]
    work_min: Minutes
    hazard: bool


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The binding policy, the shadow ones that are computed beside it, and the kinds of fault."""

    binding: Policy
    shadows: tuple[Policy, ...]
    faults: Mapping[FaultKind, FaultNeeds]


def load_rulebook(folder: Path, binding: str, shadows: tuple[str, ...]) -> Rulebook:
    """The rule books named in the configuration; SetupError names the file and what is wrong in it."""
    faults: Mapping[FaultKind, FaultNeeds] = _read(folder / "faults.toml", Mapping[FaultKind, FaultNeeds])
    if left_out := set(get_args(FaultKind)) - set(faults):
        raise SetupError(f"faults.toml says nothing of {', '.join(sorted(left_out))}")
    policies = [_policy(folder / f"{name}.toml") for name in (binding, *shadows)]
    return Rulebook(policies[0], tuple(policies[1:]), faults)


def _policy(path: Path) -> Policy:
    book: _PolicyFile = _read(path, _PolicyFile)
    rows = tuple(TableRow(row.item, row.counts, row.points, row.zone) for row in book.rows)
    minutes: Mapping[Zone, int] = {zone: getattr(book.minutes, zone) for zone in get_args(Zone)}
    return Policy(book.name, book.version, book.source, minutes, book.hours_ahead.model_dump(), rows)


def _read(path: Path, kind: Any) -> Any:
    try:
        return TypeAdapter(kind).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        others = {"faults", "speeds"}
        known = ", ".join(sorted(p.stem for p in path.parent.glob("*.toml") if p.stem not in others))
        raise SetupError(f"there is no policy file {path.name}; data/policies has: {known}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SetupError(f"{path.name} is not TOML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SetupError(f"{path.name}, {where}: {first['msg']}") from error
