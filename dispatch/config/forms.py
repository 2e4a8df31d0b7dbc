"""What a value of the configuration must look like; ValueError with the mend when it does not."""

from __future__ import annotations

import re
import zoneinfo
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def timezone(name: str) -> str:
    """`name` when the machine knows such a time zone; ValueError with the nearest names otherwise."""
    known = zoneinfo.available_timezones()
    if name not in known:
        raise ValueError(f"there is no time zone {name!r}{meant(name, known)}")
    return name


def store_url(url: str) -> str:
    """`url` when a store can be behind it; the message never repeats it, as it may hold a password."""
    if not re.fullmatch(r"sqlite:[^?]+|postgresql://.+", url):
        raise ValueError("must look like sqlite:PATH or postgresql://…")
    return url


def address(url: str) -> str:
    """`url` when it is one that pages can be under, or empty."""
    if not re.fullmatch(r"(https?://[^/\s]+(/\S*)?)?", url):
        raise ValueError("must look like https://dispatch.example")
    return url.rstrip("/")


def provider(url: str) -> str:
    """`url` when keys and addresses may be sent there: encrypted, or on this machine; or empty."""
    if not re.fullmatch(r"(https://[\w.-]+(:\d{1,5})?|http://(127\.0\.0\.1|localhost)(:\d{1,5})?)?", url):
        raise ValueError("must look like https://HOST or https://HOST:PORT, without a path")
    return url


def engine(name: str) -> str:
    """`name` when roads can be asked by it."""
    server = r"osrm:https?://([\w.-]+|\[[0-9a-fA-F:]+\])(:\d{1,5})?(/[\w./-]*)?"
    if name not in {"auto", "cch", "dijkstra"} and not re.fullmatch(server, name):
        raise ValueError('must be "auto", "cch", "dijkstra" or look like "osrm:http://HOST:5000"')
    return name


def meant(word: str, known: Iterable[str]) -> str:
    """The nearest of the known words as a question, "" when none is near."""
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
