"""Where a report is and which unit serves it: every way to find it, in order, and what came of each."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from dispatch import zone
from dispatch.desk.attempts import Attempt, Found
from dispatch.desk.closures import roads_now
from dispatch.desk.online import ask_online
from dispatch.desk.outside import kept_inside
from dispatch.errors import RoadsUnavailable, SetupError
from dispatch.gazetteer import Candidate
from dispatch.gazetteer.datum import to_wgs84
from dispatch.gazetteer.tier import MOST_ALIKE, RIVAL_M, alike
from dispatch.gazetteer.words import MAX_TEXT, words
from dispatch.store.places import Confirmed
from dispatch.ticket import Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.desk import Desk
    from dispatch.desk.intake import Draft
    from dispatch.ticket import Report, Zoned

PIN_PRECISION_M = 30.0
ACCOUNT_M = 20.0
TRANSFORMER_M = 250.0  # half the reach of a low-voltage network
SHOWN = 8  # candidates, more than a dispatcher reads
SURE_TWICE = 2  # so often must a text be confirmed at one place to be believed without a look
SCORES = {"account": 100.0, "transformer": 90.0}
CALLER_SCORE = 90.0
ONCE_SCORE = 95.0
HINT_SCORE = 40.0


@dataclass(frozen=True, slots=True)
class Pin:
    """A place somebody set, in the datum they declared."""

    lon: float
    lat: float
    datum: str = "wgs84"
    precision_m: float = PIN_PRECISION_M


@dataclass(frozen=True, slots=True)
class Located:
    """Where a draft is, with the unit that serves the place; what else it could have meant; how we know."""

    place: Place | None
    unit: str
    candidates: tuple[Candidate, ...] = ()
    attempts: tuple[Attempt, ...] = ()


def locate(desk: Desk, draft: Draft, by: str, *, online: bool = False) -> Located:
    """Pin of the call → account → transformer area → caller's last place → learnt words → address → online.

    The first that is sure and not outside the area is taken, and the unit that serves it found;
    the rest is not asked. A provider elsewhere is asked where `online` says so; that may take seconds, so
    never in a transaction.
    """
    account = desk.store.company.find_account(draft.account_no) if draft.account_no else None
    unit = draft.unit or (account["unit"] if account else "")
    at = desk.clock() if draft.received_at is None else draft.received_at
    found = Found()
    for look in (
        partial(_given, draft, by),
        partial(_of_company, desk, draft, account, by),
        partial(by_words, desk, draft.address, draft.caller.phone, by),
    ):
        here = kept_inside(desk, look(), at)
        found = replace(here, attempts=(*found.attempts, *here.attempts))
        if found.place:
            break
    if online and found.place is None:
        found = ask_online(desk, draft.address, found, by)
    place = found.place and named(desk, found.place)
    if place:
        unit = unit or nearest_unit(desk, place.lonlat)
        place = reached_by(desk, place, unit)
    return Located(place, unit, found.candidates, found.attempts)


def _given(draft: Draft, by: str) -> Found:
    if draft.pin is None:
        return Found()
    place = pinned(draft.pin, "given", by)
    return Found(place, (of_pin(draft.pin, place),))


def _of_company(desk: Desk, draft: Draft, account: Mapping[str, Any] | None, by: str) -> Found:
    """By the account's own place, else by the transformer that supplies it or that the caller named."""
    if account and account["place_of"] == "own":
        return _taken("account", draft.account_no, (account["lon"], account["lat"]), ACCOUNT_M, by)
    tried = (Attempt("account", draft.account_no, "unknown"),) if draft.account_no else ()
    name = account["transformer"] if account else draft.transformer
    transformer = desk.store.company.find_transformer(name) if name else None
    if transformer:
        there = (transformer["lon"], transformer["lat"])
        found = _taken("transformer", transformer["id"], there, TRANSFORMER_M, by)
        return Found(found.place, (*tried, *found.attempts))
    missed = (Attempt("transformer", name, "unknown"),) if name else ()
    return Found(None, (*tried, *missed))


def _taken(method: str, raw: str, lonlat: tuple[float, float], precision_m: float, by: str) -> Found:
    score = SCORES[method]
    place = Place(*lonlat, method, "A", score, precision_m, by)
    return Found(place, (Attempt(method, raw, "taken", score, precision_m, "wgs84", *lonlat),))


def by_words(desk: Desk, address: str, phone: str, by: str) -> Found:
    """Where the caller was last, then what the words meant before, then what the gazetteer knows.

    The last place counts only where the caller names no other; else it is a hint if nothing is found.
    """
    last = desk.store.places.find_last_of_caller(phone) if phone else None
    if last is None:
        return _by_address(desk, address, by)
    if not address or text_key(address) == last.text:
        place = Place(*last.lonlat, "caller", "A", CALLER_SCORE, last.precision_m, last.by)
        attempt = _confirmed("caller", last.report, "taken", CALLER_SCORE, last)
        return Found(place, (attempt,), (_candidate(last, "caller", CALLER_SCORE, "A"),))
    found = _by_address(desk, address, by)
    attempt = _confirmed("caller", last.report, "unused", HINT_SCORE, last)
    hint = _candidate(last, "caller", HINT_SCORE, "C")
    return replace(found, attempts=(attempt, *found.attempts), candidates=found.candidates or (hint,))


def _by_address(desk: Desk, address: str, by: str) -> Found:
    if not address:
        return Found()
    learnt = _learnt(desk, address)
    if learnt and learnt[1] >= SURE_TWICE:
        last = learnt[0]
        place = Place(last.lon, last.lat, "alias", "A", 100.0, last.precision_m, last.by)
        attempt = _confirmed("alias", address, "taken", 100.0, last)
        return Found(place, (attempt,), (_candidate(last, "alias", 100.0, "A"),))
    mapped = tuple(desk.gazetteer.locate(address, MOST_ALIKE + 1))
    best = mapped[0] if mapped else None
    sure = best if best and best.tier == "A" else None
    if learnt and (sure is None or zone.metres(learnt[0].lonlat, (sure.lon, sure.lat)) > RIVAL_M):
        return _beside(learnt[0], mapped, address)
    return _mapped(mapped, sure, address, by)


def _beside(last: Confirmed, mapped: Sequence[Candidate], address: str) -> Found:
    """What the words meant once, first, beside what the gazetteer makes of them: somebody has to look."""
    others = (replace(each, tier="B") if each.tier == "A" else each for each in mapped)
    attempts = [_confirmed("alias", address, "unsure", ONCE_SCORE, last)]
    if mapped:
        attempts.append(_of_map(address, "unsure", mapped[0]))
    return Found(None, tuple(attempts), (_candidate(last, "alias", ONCE_SCORE, "B"), *others))


def _mapped(mapped: tuple[Candidate, ...], sure: Candidate | None, address: str, by: str) -> Found:
    if not mapped:
        return Found(None, (Attempt("address", address, "unknown"),))
    best = mapped[0]
    attempt = _of_map(address, "taken" if sure else "unsure", best)
    if sure is None:
        return Found(None, (attempt,), mapped)
    place = Place(sure.lon, sure.lat, "address", sure.tier, sure.score, sure.precision_m, by)
    return Found(place, (attempt,), mapped)


def _confirmed(method: str, raw: str, result: str, score: float, last: Confirmed) -> Attempt:
    where = (last.precision_m, "wgs84", *last.lonlat)
    return Attempt(method, raw, result, score, *where, confirmed_by=last.by, answer=last.address)


def _of_map(address: str, result: str, best: Candidate) -> Attempt:
    where = (best.precision_m, "wgs84", best.lon, best.lat)
    return Attempt("address", address, result, best.score, *where, answer=best.label)


def _candidate(last: Confirmed, kind: Any, score: float, tier: Any) -> Candidate:
    return Candidate(last.address, last.lon, last.lat, kind, score, last.precision_m, tier)


def _learnt(desk: Desk, address: str) -> tuple[Confirmed, int] | None:
    """(the place last confirmed for these words, how often in a row), or None. The latest word holds."""
    known = desk.store.places.list_of_text(text_key(address))
    if not known:
        return None
    last = known[0]
    apart = (at for at, each in enumerate(known) if zone.metres(each.lonlat, last.lonlat) > RIVAL_M)
    return last, next(apart, len(known))


def text_key(address: str) -> str:
    """An address as texts are compared, or an empty string for what is no address."""
    return " ".join(words(address)) if len(address) <= MAX_TEXT else ""


def learn(desk: Desk, report: Report, place: Place, now: int) -> None:
    """Keep a place the desk stands for, so that this caller's and these words' next report is found by it.

    What simulated callers say teaches nothing.
    """
    if report.simulated:
        return
    text = text_key(report.address)
    where = (place.lon, place.lat, place.precision_m)
    desk.store.places.confirm(Confirmed(report.id, text, report.address, *where, now, place.by))


def zone_of_all(desk: Desk, candidates: Sequence[Candidate], at: int) -> Zoned | None:
    """The one zone of every likely candidate at the moment `at` (epoch ms); None when they differ.

    Only where the best is of tier B: with less, the right place may not be among them at all.
    """
    if not candidates or candidates[0].tier != "B":
        return None
    default, zones = desk.config.zones.default, desk.zones_at(at)
    found = [
        zone.classify(zones, (each.lon, each.lat), each.precision_m, default) for each in alike(candidates)
    ]
    if len({each.zone for each in found}) > 1:
        return None
    doubt = next((each.doubt for each in found if each.doubt), "")
    return replace(found[0], doubt=doubt, edge_m=min(each.edge_m for each in found), method="candidates")


def pinned(pin: Pin, method: str, by: str) -> Place:
    """The pin as a place in WGS-84, its raw value kept; BadInput for a datum nobody knows."""
    lon, lat = to_wgs84(pin.lon, pin.lat, pin.datum)
    raw = None if pin.datum == "wgs84" else (pin.lon, pin.lat)
    return Place(lon, lat, method, "A", 100.0, pin.precision_m, by, pin.datum, raw)


def of_pin(pin: Pin, place: Place) -> Attempt:
    """A pin as an attempt, as it was given, and the person who set it."""
    raw, where = f"{pin.lon}, {pin.lat}", (pin.precision_m, pin.datum, place.lon, place.lat)
    return Attempt(place.method, raw, "taken", place.score, *where, confirmed_by=place.by)


def named(desk: Desk, place: Place) -> Place:
    """The place with the street it lies by, else the village; without where no area is built."""
    try:
        near = desk.roads.street_near(place.lonlat) or desk.gazetteer.place_near(*place.lonlat)
    except SetupError:
        return place
    return replace(place, near=near)


def reached_by(desk: Desk, place: Place, unit: str) -> Place:
    """The place with the class of road on which one mostly drives there from the unit's depot.

    It stands for every crew's way there: what makes a drive slow is mostly the last roads to a place. Found
    once, when the place is: neither a plan nor a dispatcher's click waits for a route.
    """
    depot = next((each.depot for each in desk.store.company.units() if each.id == unit), None)
    if depot is None:
        return place
    try:
        roads = roads_now(desk, desk.clock())
    except SetupError:
        return place
    return replace(place, road_class=roads.way_class(depot, place.lonlat))


def nearest_unit(desk: Desk, lonlat: tuple[float, float]) -> str:
    """The unit whose depot is the shortest drive away; by the straight line where no road leads.

    So it is when nobody answers how the roads lead: no call waits for that.
    """
    units = desk.store.company.units()
    if not units:
        return ""
    try:
        drives = roads_now(desk, desk.clock()).matrix([unit.depot for unit in units], [lonlat])[:, 0].tolist()
    except RoadsUnavailable:
        drives = [math.inf] * len(units)
    ranked = zip(drives, (zone.metres(unit.depot, lonlat) for unit in units), units, strict=True)
    return min(ranked, key=lambda each: (each[0], each[1], each[2].id))[2].id
