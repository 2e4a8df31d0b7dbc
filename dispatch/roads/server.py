"""How an OSRM server is asked: its own address only, no redirects, a whole time limit, plain faults."""

from __future__ import annotations

import json
import math
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import requests

from dispatch.errors import RoadsUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

CONNECT_S = 2.0
REST_S = 5.0  # after a failure nobody waits for the server again for so long
MOST_BYTES = 64 * 2**20  # a table of 2000 x 2000 fits
PIECE = 2**16


class Server:
    """One OSRM server; questions may be asked by many threads at once."""

    def __init__(self, base: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`base` is its address without a trailing slash, such as `http://127.0.0.1:5000`."""
        self.base = base
        self._monotonic = monotonic
        self._rest_until, self._last = -math.inf, ""
        self._own = threading.local()

    def get(self, path: str, options: Mapping[str, str], limit_s: float) -> dict[str, Any]:
        """The JSON object behind `path`, whatever its `code`; RoadsUnavailable says why there is none.

        Every question only reads, so one whose kept connection the server had closed is asked once more.
        """
        if self._monotonic() < self._rest_until:
            raise self._fault(f"{self._last} (a moment ago; it is asked again soon)")
        try:
            status, body = self._fetch(path, options, self._monotonic() + limit_s)
        except requests.Timeout as error:
            raise self._failed("did not answer in time; it is overloaded or cut off") from error
        except requests.RequestException as error:
            raise self._failed("cannot be reached; start osrm-routed there or correct the address") from error
        return self._understood(status, body)

    def _fetch(self, path: str, options: Mapping[str, str], until: float) -> tuple[int, bytes]:
        try:
            return self._once(path, options, until)
        except requests.Timeout:
            raise
        except requests.ConnectionError:
            return self._once(path, options, until)

    def _once(self, path: str, options: Mapping[str, str], until: float) -> tuple[int, bytes]:
        limits = (CONNECT_S, max(until - self._monotonic(), 0.1))
        answer = self._session.get(
            f"{self.base}/{path}", params=options, timeout=limits, allow_redirects=False, stream=True
        )
        with closing(answer):
            body = bytearray()
            while piece := answer.raw.read1(PIECE, decode_content=True):
                body += piece
                if self._monotonic() > until:
                    raise requests.Timeout
                if len(body) > MOST_BYTES:
                    raise self._failed("sent more than 64 MiB in one answer")
            return answer.status_code, bytes(body)

    def _understood(self, status: int, body: bytes) -> dict[str, Any]:
        if status not in {200, 400}:  # 400 carries a code such as NoRoute or TooBig
            raise self._failed(f"answered {status} instead of a result")
        try:
            said = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise self.unlike_osrm() from error
        if not isinstance(said, dict) or not isinstance(said.get("code"), str):
            raise self.unlike_osrm()
        return said

    @property
    def _session(self) -> requests.Session:
        """A thread's own kept connection; neither proxies nor passwords of the environment are used."""
        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None:
            session = self._own.session = requests.Session()
            session.trust_env = False
        return session

    def unlike_osrm(self) -> RoadsUnavailable:
        """What is raised for an answer that is not one of OSRM's HTTP interface, version 1."""
        return self._failed("does not answer like OSRM; is something else at that address?")

    def refused(self, said: Mapping[str, Any]) -> RoadsUnavailable:
        """What is raised when the server understood the question and would not answer it."""
        if said["code"] == "TooBig":
            return self._fault(
                "refuses tables of this size: start it with a larger --max-table-size "
                "or lower [roads] osrm_table to what it allows"
            )
        if said["code"] == "NoSegment":
            return self._fault("finds no road near a place: start it without --default-radius")
        return self._fault(f"refused: {said['code']} {str(said.get('message', ''))[:200]}".rstrip())

    def _failed(self, why: str) -> RoadsUnavailable:
        self._rest_until, self._last = self._monotonic() + REST_S, why
        return self._fault(why)

    def _fault(self, why: str) -> RoadsUnavailable:
        return RoadsUnavailable(f"the OSRM server {self.base} {why}")
