"""How one server outside is asked: its own host only, no redirects, a whole time limit, a small answer.

A socket's own limit counts for each piece it waits for, and none counts while a name is looked up; so a
thread asks, and whoever wants the answer waits no longer than the limit.
"""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_BYTES = 256 * 1024
MOST_AT_ONCE = 4  # threads that wait for one server; an office has no more lines to spare


class NoAnswer(Exception):  # noqa: N818 -- says what came
    """Why there is no answer: `reason` is a code, `detail` what the server said, never the address asked."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason} {detail}".strip())
        self.reason = reason
        self.detail = detail


class Fetcher:
    """Asks the one server at `base` (https://host, or http://127.0.0.1:port); safe in many threads."""

    def __init__(self, base: str, limit_s: float) -> None:
        """`limit_s` is the longest that one call may take, from the look-up of the name to the last byte."""
        self._base = urlsplit(base)
        self._limit_s = limit_s
        self._free = threading.BoundedSemaphore(MOST_AT_ONCE)

    def get_json(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """What stands behind `url`, read as JSON; NoAnswer says why there is nothing, within the limit."""
        asked = urlsplit(url)
        if (asked.scheme, asked.netloc) != (self._base.scheme, self._base.netloc):
            raise NoAnswer("other_host")
        if not self._free.acquire(blocking=False):
            raise NoAnswer("busy")
        call = _Call(self._connection(), f"{asked.path or '/'}?{asked.query}", dict(headers or {}))
        threading.Thread(target=self._work, args=(call,), daemon=True).start()
        if not call.over.wait(self._limit_s):
            call.cut()
            raise NoAnswer("timeout")
        if call.failed:
            raise call.failed
        return _parsed(call.body)

    def _connection(self) -> http.client.HTTPConnection:
        if self._base.scheme == "https":
            return http.client.HTTPSConnection(
                self._base.netloc, timeout=self._limit_s, context=self._context
            )
        return http.client.HTTPConnection(self._base.netloc, timeout=self._limit_s)

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def _work(self, call: _Call) -> None:
        try:
            call.run()
        finally:
            self._free.release()


class _Call:
    """One question, asked in a thread of its own and cut off by whoever waited long enough."""

    def __init__(self, connection: http.client.HTTPConnection, path: str, headers: dict[str, str]) -> None:
        self._connection = connection
        self._path = path
        self._headers = headers
        self.over = threading.Event()
        self.body = b""
        self.failed: NoAnswer | None = None

    def run(self) -> None:
        try:
            self._ask()
        except NoAnswer as error:
            self.failed = error
        except TimeoutError:
            self.failed = NoAnswer("timeout")
        except (OSError, http.client.HTTPException, AttributeError, ValueError):
            # the last two come out of http.client when the connection is cut under its hands
            self.failed = NoAnswer("unreachable")
        finally:
            self._connection.close()
            self.over.set()

    def _ask(self) -> None:
        self._connection.request("GET", self._path, headers={**self._headers, "Accept-Encoding": "identity"})
        with self._connection.getresponse() as answer:
            if 300 <= answer.status < 400:
                raise NoAnswer("redirected", str(answer.status))
            if answer.status != http.client.OK:
                raise NoAnswer("refused" if answer.status < 500 else "broken", str(answer.status))
            self.body = answer.read(MOST_BYTES + 1)
        if len(self.body) > MOST_BYTES:
            raise NoAnswer("too_large")

    def cut(self) -> None:
        with suppress(OSError, AttributeError):
            self._connection.sock.shutdown(2)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NoAnswer("not_understood") from error
