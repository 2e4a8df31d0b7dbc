"""How simulated people speak to the pages: HTTP with a token, as any program does."""

from __future__ import annotations

import re
from typing import Any

import requests

# Together under the two seconds in which a play has to end.
CONNECT_S = 0.4
ANSWER_S = 1.4
SILENT = {429, 502, 503, 504}


class Unreachable(Exception):  # noqa: N818 -- reads as the trade says it
    """No answer, or not yet: send the same again later."""


class Refused(Exception):  # noqa: N818 -- as above
    """The server will not take this; sending it again does not help."""


class Door:
    """One person's way in to `base` (http://host:port) with their token."""

    def __init__(self, base: str, token: str) -> None:
        self._base = base
        self._session = requests.Session()
        self._session.trust_env = False  # no proxy stands before our own pages, no .netrc replaces the token
        self._session.headers["Authorization"] = f"Bearer {token}"

    def get(self, path: str) -> Any:
        """The JSON at `path`; raises Unreachable or Refused."""
        return self._ask("GET", path)

    def post(self, path: str, body: object, key: str = "") -> Any:
        """The JSON that answers `body`; `key` makes repeating safe. Raises Unreachable or Refused."""
        return self._ask("POST", path, json=body, headers={"Idempotency-Key": key} if key else {})

    def _ask(self, method: str, path: str, **sent: Any) -> Any:
        where = f"{method} {re.sub(r'/[RT][0-9]+', '/*', path)}"
        try:
            answer = self._session.request(
                method, self._base + path, timeout=(CONNECT_S, ANSWER_S), allow_redirects=False, **sent
            )
            if answer.status_code in SILENT:
                raise Unreachable(f"{where}: {answer.status_code}")
            found = answer.json()
        except requests.JSONDecodeError as error:
            raise Refused(f"{where}: {answer.status_code}, not JSON") from error
        except requests.RequestException as error:
            raise Unreachable(f"{where}: {type(error).__name__}") from error
        if answer.status_code >= 300:
            raise Refused(f"{where}: {answer.status_code} {found.get('detail', '')}")
        return found
