"""What a replay shall change, read from files and words of the person who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from dispatch import compliance
from dispatch.desk import company
from dispatch.errors import BadInput
from dispatch.simulate import Closing
from dispatch.store.company import crew_of

if TYPE_CHECKING:
    from pathlib import Path

    from dispatch.crew import Crew
    from dispatch.desk import Desk
    from dispatch.plan import Place


class _Closure(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=True)
    geometry: dict[str, Any]
    factor: float = Field(0.0, ge=0, le=1)
    begins: AwareDatetime | None = Field(None, alias="from")
    ends: AwareDatetime | None = Field(None, alias="until")
    reason: str = ""


def read_crews(desk: Desk, path: Path) -> tuple[Crew, ...]:
    """Crews from a table as `dispatch import crews` takes it; BadInput names every bad row.

    It may lack the columns name and unit: a crew that is only thought of has none yet.
    """
    return tuple(crew_of(row) for row in company.crew_rows(desk, path, optional=("name", "unit")))


def read_depots(desk: Desk, path: Path) -> dict[str, Place]:
    """Where the crews of each unit start, (lon, lat), from a table as `dispatch import units` takes it."""
    return {unit.id: unit.depot for unit in company.read_units(desk, path)}


def read_closures(desk: Desk, path: Path, month: str) -> tuple[Closing, ...]:
    """Closures of a month from a JSON list: geometry, factor, from, until (ISO with offset), reason.

    Without from or until a closure holds from the month's beginning or to its end.
    """
    kind = TypeAdapter(Annotated[list[_Closure], Field(max_length=1000)])
    try:
        said = kind.validate_json(path.read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the file"
        raise BadInput(f"{path.name}, {where}: {first['msg']}") from error
    from_at, until_at = compliance.month_bounds(month, desk.timezone)
    last_s = (until_at - from_at) / 1000
    found = []
    for number, each in enumerate(said):
        begins_s = max(each.begins.timestamp() - from_at / 1000, 0.0) if each.begins else 0.0
        ends_s = each.ends.timestamp() - from_at / 1000 if each.ends else last_s
        if begins_s >= ends_s:
            raise BadInput(f"{path.name}, {number}: ends before it begins, or before {month}")
        found.append(Closing(begins_s, ends_s, each.geometry, each.factor))
    return tuple(found)
