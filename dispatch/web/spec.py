"""What the HTTP interface looks like to programs: OpenAPI made from the very models that check and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spectree import Response, SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from dispatch.web.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import BaseModel

SPEC = SpecTree(
    "flask",
    title="Dispatch",
    version="1",
    description="Repair reports, their promise, the crew that goes and the month. Times are ISO 8601 with an "
    "offset; places are lon, lat in WGS-84 unless a datum is named; durations end in _s.",
    path="openapi",  # never registered: its own pages load scripts from elsewhere
    mode="strict",
    naming_strategy=lambda model: model.__name__,
    security_schemes=[
        SecurityScheme(name="token", data=SecuritySchemeData(type=SecureType.HTTP, scheme="bearer"))
    ],
    security={"token": []},
)


def openapi() -> dict[str, Any]:
    """The whole interface; inside a request, where the routes are known."""
    found: dict[str, Any] = SPEC.spec
    return found


def speaks(
    *,
    takes: type[BaseModel] | None = None,
    gives: type[BaseModel] | None = None,
    status: int = 200,
    also: tuple[int, ...] = (401, 403),
) -> Callable[[Any], Any]:
    """Describe a call for OpenAPI; the body is checked by `gate.body`, not here."""
    codes: dict[str, Any] = {f"HTTP_{status}": gives}
    codes |= {f"HTTP_{code}": Problem for code in (*also, *((422,) if takes else ()))}
    return SPEC.validate(json=takes, resp=Response(**codes), skip_validation=True)
