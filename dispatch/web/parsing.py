"""How a body in JSON becomes a model, and what is told of each field that is wrong."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from dispatch.errors import BadInput, Fault

Kind = TypeVar("Kind")
SENTENCES = {
    "extra_forbidden": "unknown field",
    "missing": "is missing",
    "timezone_aware": "needs an offset, such as 2026-10-03T08:15:00+08:00",
    "string_pattern_mismatch": "holds a character that is not allowed here",
}
OUT_OF_RANGE = frozenset({"less_than_equal", "greater_than_equal"})


def parse(kind: type[Kind], raw: bytes) -> Kind:
    """The body as a model; BadInput names each field that is wrong. `raw` is JSON text in UTF-8."""
    try:
        found = TypeAdapter(kind).validate_json(raw)
    except ValidationError as error:
        faults = tuple(Fault(_where(each["loc"]), _sentence(each)) for each in error.errors()[:20])
        raise _refused(faults) from error
    _refuse_said_twice(raw)
    return found


def _refused(faults: tuple[Fault, ...]) -> BadInput:
    return BadInput(f"The request cannot be taken: {faults[0].field}: {faults[0].message}.", faults)


def _refuse_said_twice(raw: bytes) -> None:
    """Raise BadInput when an object says a field twice, such as its datum: nobody can tell which is meant."""
    try:
        json.loads(raw, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:  # what the model let pass unread
        raise _refused((Fault("body", "is not JSON that can be read"),)) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _refused((Fault(twice[:40], "is said twice; say it once"),))
    return fields


def _where(location: tuple[int | str, ...]) -> str:
    """`place.lat` or `0.fix.at`; `body` when the whole is wrong."""
    return ".".join(map(str, location)) or "body"


def _sentence(error: Any) -> str:
    if error["type"] in OUT_OF_RANGE and error["loc"][-1:] == ("lat",):
        return "lies beyond a pole; are lon and lat swapped?"
    if error["type"] in SENTENCES:
        return SENTENCES[error["type"]]
    message = str(error["msg"]).removeprefix("Value error, ")
    if "{" in message:  # a model's own name means nothing to the sender
        return "is not of the expected form"
    return message[:1].lower() + message[1:]
