"""How a mistake is answered: problem+json to programs, a page to people, never a trace."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from flask import Response, g, json, make_response, render_template, request
from pydantic import BaseModel
from werkzeug.exceptions import HTTPException

from dispatch.errors import BadInput, Conflict, Denied, Fault, NotFound, SetupError, UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

STATUS: dict[type[UserError], tuple[int, str]] = {
    BadInput: (422, "bad_input"),
    NotFound: (404, "not_found"),
    Conflict: (409, "conflict"),
    Denied: (403, "denied"),
}
TITLES = {
    400: "Bad request",
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Not this way",
    409: "Conflict",
    413: "Too large",
    415: "Not JSON",
    422: "Bad input",
    500: "Our mistake",
    503: "Not ready",
}
CODES = {404: "not_found", 405: "wrong_method", 413: "too_large", 415: "not_json"}
log = logging.getLogger("dispatch.web")


class FaultOut(BaseModel):
    """One field that is wrong."""

    field: str
    message: str


class Problem(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FaultOut] = []
    code: str = ""  # which case it is, where it is one of the commonest
    facts: dict[str, str] = {}  # what the detail speaks of


def problem(
    status: int,
    code: str,
    detail: str,
    errors: tuple[Fault, ...] = (),
    case: tuple[str, Mapping[str, str]] = ("", {}),
) -> Response:
    """The answer to a mistake: JSON under /api and /open311, else a page; `case` is its code and facts."""
    if not request.path.startswith(("/api/", "/open311/")) and g.get("texts") is not None:
        page = render_template("error.html", status=status, code=code, detail=detail, page="error")
        return make_response(page, status)
    body: dict[str, Any] = {"type": f"urn:dispatch:problem:{code}", "title": TITLES.get(status, "Problem")}
    body |= {"status": status, "detail": detail}
    body["errors"] = [{"field": each.field, "message": each.message} for each in errors]
    if case[0]:
        body |= {"code": case[0], "facts": case[1]}
    return Response(json.dumps(body), status, content_type="application/problem+json")


def install(app: Flask) -> None:
    """Answer every mistake in one way."""

    @app.errorhandler(UserError)
    def _users(error: UserError) -> Response:
        status, code = next((v for k, v in STATUS.items() if isinstance(error, k)), (422, "bad_input"))
        return problem(status, code, str(error), getattr(error, "errors", ()), (error.code, error.facts))

    @app.errorhandler(SetupError)
    def _setup(error: SetupError) -> Response:
        log.error("%s", error)
        return problem(503, "not_ready", str(error))

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        status = error.code or 500
        code = CODES.get(status, f"http_{status}")
        answer = problem(status, code, _words(status, error.description or ""))
        for name, value in error.get_headers():
            if name.lower() in {"allow", "retry-after"}:
                answer.headers[name] = value
        return answer


def _words(status: int, description: str) -> str:
    if status == 404:
        return "There is no such page or call; see /api/openapi.json."
    if status == 413:
        return "The body is too large: at most 1 MiB."
    return "Something went wrong on our side; it was written to the log." if status == 500 else description
