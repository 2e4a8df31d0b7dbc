"""What the HTTP interface looks like to programs: OpenAPI made from the very models that check and answer."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from spectree import Response, SecurityScheme, SpecTree
from spectree.models import SecureType, SecuritySchemeData

from dispatch.web.problems import TITLES, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import BaseModel

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
EVENT_STREAM, CSV, HTML = "text/event-stream", "text/csv", "text/html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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


@dataclass(frozen=True, slots=True)
class More:
    """What a call has beside its body and its answer in JSON."""

    query: Mapping[str, str] = field(default_factory=dict)  # name: what it means
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = ""  # of an answer that is a file or a stream
    etag: bool = False
    public: bool = False
    same_at: int = 0  # a status that answers in the shape of the good one
    body_optional: bool = False


_MORE: dict[str, More] = {}


def speaks(
    *,
    takes: type[BaseModel] | None = None,
    gives: type[BaseModel] | None = None,
    status: int = 200,
    also: tuple[int, ...] = (401, 403),
    more: More | None = None,
) -> Callable[[Any], Any]:
    """Describe a call for OpenAPI; the body is checked by `gate.body`, not here."""
    codes: dict[str, Any] = {f"HTTP_{status}": gives}
    codes |= {f"HTTP_{code}": Problem for code in (*also, *((413, 415, 422) if takes else ()))}

    def describe(view: Any) -> Any:
        _MORE[view.__name__] = more or More()
        answers = Response(**codes)
        named = view.__name__
        described = SPEC.validate(json=takes, resp=answers, skip_validation=True, operation_id=named)(view)
        # Only the description is wanted: spectree's wrapper reads every answer to its end, a live stream too.
        del described.__wrapped__
        view.__wrapped__ = described  # where it looks for the description
        return view

    return describe


def openapi() -> dict[str, Any]:
    """The whole interface; inside a request, where the routes are known."""
    found: dict[str, Any] = copy.deepcopy(SPEC.spec)
    for calls in found["paths"].values():
        for call in calls.values():
            _complete(call, _MORE[call["operationId"]])
    schemas = found["components"]["schemas"]
    for name in [name for name in schemas if name.startswith("ValidationError")]:
        del schemas[name]  # spectree's own; ours is Problem
    return found


def _complete(call: dict[str, Any], more: More) -> None:
    """Say what spectree cannot: problem+json, parameters, files, who may call."""
    good = next(iter(call["responses"]))
    _answer_problems(call["responses"], good, more)
    if more.media:
        schema = {"type": "string"} | ({"format": "binary"} if more.media == XLSX else {})
        call["responses"][good]["content"] = {more.media: {"schema": schema}}
    if more.etag:
        call["responses"]["304"] = {"description": "Not changed since the ETag in If-None-Match"}
    tagged = {"If-None-Match": "the ETag of an earlier answer"} if more.etag else {}
    call["parameters"] += [_parameter("query", *each) for each in more.query.items()]
    call["parameters"] += [_parameter("header", *each) for each in {**more.headers, **tagged}.items()]
    if more.public:
        call["security"] = []
    if more.body_optional:
        call["requestBody"]["required"] = False


def _answer_problems(responses: dict[str, Any], good: str, more: More) -> None:
    for code, answer in list(responses.items()):
        if code == str(more.same_at):
            answer["content"] = responses[good]["content"]
        elif "ValidationError" in str(answer):
            del responses[code]  # spectree adds a 422 to calls that take nothing
        elif code != good:
            responses[code] = {"description": TITLES[int(code)], "content": PROBLEM}


def _parameter(where: str, name: str, meaning: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": where,
        "description": meaning,
        "required": False,
        "schema": {"type": "string"},
    }
