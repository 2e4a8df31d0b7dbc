"""What a map provider outside makes of an address: Nominatim, Photon and Baidu by geopy, AMap by itself.

Off unless `[gazetteer] online` names one. Keys come from the environment only. Whoever asks gets the place as
the provider gave it, in the datum it declares, or NoAnswer with the reason; nothing else is ever raised.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from dispatch.errors import SetupError
from dispatch.gazetteer.distance import distance_m
from dispatch.gazetteer.fetch import Fetcher, NoAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dispatch.gazetteer.datum import Datum

MOST_TEXT = 200  # characters that are worth asking for
MOST_LABEL = 200
FAR_M = 10_000.0  # a find that says nothing of its size may be a whole county
HOUSE_M = 30.0
TRIES, REST_S = 3, 60.0  # after so many failures in a row nobody waits for the provider for a minute


@dataclass(frozen=True, slots=True)
class Given:
    """One place as the provider gave it: degrees in its own `datum`, right to about `precision_m` metres."""

    label: str
    lon: float
    lat: float
    datum: Datum
    precision_m: float


@dataclass(frozen=True, slots=True)
class Provider:
    """Where a provider answers, the datum it declares, and the variable that holds its key, if any."""

    base: str
    datum: Datum
    key: str = ""


PROVIDERS: Mapping[str, Provider] = {
    "nominatim": Provider("https://nominatim.openstreetmap.org", "wgs84"),
    "photon": Provider("https://photon.komoot.io", "wgs84"),
    "baidu": Provider("https://api.map.baidu.com", "bd09", "DISPATCH_BAIDU_KEY"),
    "amap": Provider("https://restapi.amap.com", "gcj02", "DISPATCH_AMAP_KEY"),
}


class Online:
    """One provider; it rests when it fails again and again, so that calls do not wait for it in vain."""

    def __init__(
        self, name: str, ask: Callable[[str], Given | None], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self._ask = ask
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failures = 0
        self._rest_until = -math.inf

    def find(self, text: str) -> Given | None:
        """The place `text` means to the provider, None when it knows none; NoAnswer says why not."""
        if len(text) > MOST_TEXT:
            raise NoAnswer("too_long")
        with self._lock:
            if self._monotonic() < self._rest_until:
                raise NoAnswer("resting")
        try:
            given = self._ask(text)
        except NoAnswer:
            self._count(failed=True)
            raise
        self._count(failed=False)
        return given

    def _count(self, *, failed: bool) -> None:
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            if self._failures >= TRIES:
                self._failures, self._rest_until = 0, self._monotonic() + REST_S


def open_online(name: str, base: str, limit_s: float, environ: Mapping[str, str]) -> Online | None:
    """The provider called `name` at `base` ("" for its public address); None for no name.

    SetupError when the environment lacks the key it wants.
    """
    if not name:
        return None
    provider = PROVIDERS[name]
    key = environ.get(provider.key, "") if provider.key else ""
    if provider.key and not key:
        raise SetupError(
            f'[gazetteer] online = "{name}" needs its key in the environment: set {provider.key}, '
            f'or put online = ""'
        )
    address = base or provider.base
    fetcher = Fetcher(address, limit_s)
    ask = partial(_amap if name == "amap" else partial(_by_geopy, name), fetcher, address, key)
    return Online(name, lambda text: _checked(partial(ask, text), provider.datum))


_Found = tuple[str, Any, Any, float]  # label, lon, lat, precision_m


def _checked(ask: Callable[[], _Found | None], datum: Datum) -> Given | None:
    """What `ask` found, as far as it is a place at all; whatever else came is not understood."""
    try:
        found = ask()
        if found is None:
            return None
        label, lon, lat, precision_m = found[0], float(found[1]), float(found[2]), float(found[3])
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise NoAnswer("not_understood") from error
    if not (-180 <= lon <= 180 and -85 <= lat <= 85 and precision_m >= 0):
        raise NoAnswer("not_understood")
    return Given(_plain(label), lon, lat, datum, max(precision_m, HOUSE_M))


def _plain(label: Any) -> str:
    """A label that any page and any database can hold."""
    kept = "".join(ch if ch.isprintable() else " " for ch in str(label)[: 4 * MOST_LABEL])
    return " ".join(kept.split())[:MOST_LABEL]


# -- geopy


def _by_geopy(name: str, fetcher: Fetcher, base: str, key: str, text: str) -> _Found | None:
    """Asks by geopy's knowledge of the provider, but through our fetcher only."""
    from geopy.exc import GeopyError  # noqa: PLC0415 -- loaded only where a provider is chosen

    try:
        place = _locator(name, fetcher, base, key).geocode(text)
    except GeopyError as error:
        raise NoAnswer("refused", type(error).__name__) from error
    if place is None:
        return None
    label = text if name == "baidu" else place.address  # Baidu repeats no address
    return label, place.longitude, place.latitude, _SIZES[name](place.raw)


def _locator(name: str, fetcher: Fetcher, base: str, key: str) -> Any:
    from geopy import geocoders  # noqa: PLC0415 -- as above
    from geopy.adapters import BaseSyncAdapter  # noqa: PLC0415 -- as above

    class Bound(BaseSyncAdapter):  # type: ignore[misc]  # geopy is untyped
        """geopy's way out, which leads to our fetcher: it knows one host and follows nothing."""

        def get_json(self, url: str, *, timeout: object, headers: Mapping[str, str]) -> Any:  # noqa: ARG002 -- ours counts
            return fetcher.get_json(url, headers)

        def get_text(self, url: str, *, timeout: object, headers: Mapping[str, str]) -> str:  # noqa: ARG002 -- as above
            raise NoAnswer("not_understood")

    where = urlsplit(base)
    common = {"scheme": where.scheme, "user_agent": "Dispatch", "proxies": {}, "adapter_factory": Bound}
    if name == "baidu":
        locator = geocoders.BaiduV3(key, **common)
        locator.api = f"{base}{locator.api_path}"
        return locator
    kind = {"nominatim": geocoders.Nominatim, "photon": geocoders.Photon}[name]
    return kind(domain=where.netloc, **common)


def _nominatim_m(raw: Mapping[str, Any]) -> float:
    """Half the diagonal of the bounding box [south, north, west, east], which Nominatim always tells."""
    south, north, west, east = (float(edge) for edge in raw["boundingbox"])
    return distance_m((west, south), (east, north)) / 2


def _photon_m(raw: Mapping[str, Any]) -> float:
    """A house is a point; what has an extent [west, north, east, south] reaches half its diagonal."""
    said = raw["properties"]
    if said.get("type") == "house":
        return HOUSE_M
    if not said.get("extent"):
        return FAR_M
    west, north, east, south = (float(edge) for edge in said["extent"])
    return distance_m((west, south), (east, north)) / 2


def _baidu_m(raw: Mapping[str, Any]) -> float:
    """Baidu's own reckoning: `precise` 1 is a point set by hand, `confidence` above 80 is within 100 m."""
    if int(raw.get("confidence", 0)) < 80:
        return FAR_M
    return 100.0 if int(raw.get("precise", 0)) == 1 else 400.0


_SIZES: Mapping[str, Callable[[Mapping[str, Any]], float]] = {
    "nominatim": _nominatim_m,
    "photon": _photon_m,
    "baidu": _baidu_m,
}


# -- AMap

_AMAP_LEVELS_M = {  # AMap's words for how far down its answer goes
    "门牌号": HOUSE_M, "单元号": HOUSE_M, "道路交叉路口": 50.0, "兴趣点": 100.0, "公交站台": 100.0,
    "地铁站": 100.0, "公交地铁站点": 100.0, "住宅区": 300.0, "道路": 1000.0, "村庄": 1000.0,
}  # fmt: skip


def _amap(fetcher: Fetcher, base: str, key: str, text: str) -> _Found | None:
    """AMap's geocoding service, version 3."""
    asked = urlencode({"key": key, "address": text, "output": "JSON"})
    told = fetcher.get_json(f"{base}/v3/geocode/geo?{asked}")
    if told["status"] != "1":
        raise NoAnswer("refused", str(told.get("infocode", ""))[:20])
    if not told["geocodes"]:
        return None
    first = told["geocodes"][0]
    lon, lat = first["location"].split(",")
    return first["formatted_address"], lon, lat, _AMAP_LEVELS_M.get(first["level"], FAR_M)
