"""What can go wrong, as one short tree: the user's mistakes say what to do, ours keep their trace.

DispatchError
├── UserError      a mistake of the person or program outside: one line, exit 2, HTTP 4xx
│   ├── BadInput   a field is wrong (422); `errors` names each field or row
│   ├── NotFound   there is no such thing (404)
│   ├── Conflict   the thing is no longer as the caller believed (409)
│   └── Denied     the role may not do this (403)
└── SetupError     the machine or the configuration is not fit to start: one line, exit 2, HTTP 503
    └── RoadsUnavailable   the server of the roads gives no answer now; nothing else stops for it
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in an input: `field` is a field's name, or `line 12` of a file."""

    field: str
    message: str


class DispatchError(Exception):
    """Anything Dispatch raises on purpose."""


class UserError(DispatchError):
    """A mistake from outside; the sentence says what to do about it.

    `code` names the commonest cases for programs and for pages in other languages, `facts` what the sentence
    speaks of.
    """

    def __init__(self, detail: str, *, code: str = "", **facts: str) -> None:
        super().__init__(detail)
        self.code = code
        self.facts = facts


class BadInput(UserError):  # noqa: N818 -- reads as the trade says it: "bad input"
    """A value that cannot be taken; nothing was changed."""

    def __init__(self, detail: str, errors: tuple[Fault, ...] = (), *, code: str = "", **facts: str) -> None:
        super().__init__(detail, code=code, **facts)
        self.errors = errors


class NotFound(UserError):  # noqa: N818 -- names the answer, as HTTP does
    """There is no such report, ticket, crew, month or page."""


class Conflict(UserError):  # noqa: N818 -- names the answer, as HTTP does
    """Someone else was there first, or the act does not fit the state."""


class Denied(UserError):  # noqa: N818 -- names the answer, as HTTP does
    """The person or program is known, but may not do this."""


class SetupError(DispatchError):
    """Cannot start: an affected SQLite, no area, a broken configuration."""


class RoadsUnavailable(SetupError):  # noqa: N818 -- says what is the matter
    """The roads are answered by another server, and it gives no answer; asked again later, it may."""
