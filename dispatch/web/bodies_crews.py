"""What may be said of a crew: that it is out of service, as the desk says it and as the crew itself does."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from dispatch.web.bodies import Body, Line, Moment, Short

Why = Annotated[Line, Field(min_length=1, max_length=200)]


class OwnOutBody(Body):
    """Why a crew says that it cannot go, and until when; without `until` till it is ended.

    `replaces` names the word that holds already (its id), which this one takes the place of.
    """

    reason: Why
    until: Moment | None = None
    replaces: Short | Literal[""] = ""


class OutBody(OwnOutBody):
    """Why a crew cannot go, as the desk says it.

    `release` takes back what it was told and is not at yet, to be planned again at once; without, that stays.
    """

    release: bool = True
