"""What simulated callers say: whose supply failed, how they say where they are, and what is wrong."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from dispatch.errors import SetupError
from dispatch.zone import metres

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping, Sequence

    from dispatch.roads import AnyRoads
    from dispatch.ticket import FaultKind

CALLER = "模拟来电 simulated caller"
NEIGHBOURS = 12  # so many around the first caller notice the same fault
M_PER_DEGREE = 111_200.0
# Shares of 100 calls: a guess of ours that keeps the rare ones rare.
FAULTS: Mapping[FaultKind, int] = {
    "no_power": 62,
    "partial": 14,
    "low_voltage": 9,
    "meter": 6,
    "other": 6,
    "wire_down": 2,
    "fire_or_shock": 1,
}
NOTES: Mapping[FaultKind, Sequence[str]] = {
    "no_power": (
        "全家没电 the whole house is dark",
        "整栋楼停电 the whole building is dark",
        "刚才突然停电 suddenly dark",
    ),
    "partial": ("一半房间没电 half of the rooms are dark", "只有厨房没电 only the kitchen is dark"),
    "low_voltage": ("灯很暗 lamps are dim", "电压不稳 the voltage swings"),
    "meter": ("电表黑屏 the meter shows nothing", "电表报警 the meter gives an alarm"),
    "other": ("配电箱有响声 the box hums", "路边配电箱门开着 a cabinet stands open"),
    "wire_down": ("电线掉在路上 a wire lies on the street",),
    "fire_or_shock": ("电表箱冒烟 smoke from the meter box",),
}


class Town:
    """Who may call: accounts of the company, or places on its roads where it has none."""

    def __init__(
        self, accounts: Sequence[Mapping[str, Any]], roads: AnyRoads, dice: random.Random, *, fictional: bool
    ) -> None:
        self._accounts, self._roads, self._dice = accounts, roads, dice
        self._fictional = fictional  # names and phones may be shown: nobody has them
        self._outage = 0
        self._dark: Sequence[Mapping[str, Any]] = ()

    def report(self, outage: int) -> dict[str, Any]:
        """A report's JSON. Calls of one `outage` (0 none) come from around the same transformer."""
        fault: FaultKind = (
            "no_power" if outage else self._dice.choices(list(FAULTS), list(FAULTS.values()))[0]
        )
        said: dict[str, Any] = {"fault": fault, "note": self._dice.choice(NOTES[fault])}
        said["channel"] = self._dice.choices(("phone", "web", "partner"), (8, 1, 1))[0]
        said["customers"] = self._dice.choices((1, 6, 24), (80, 14, 6))[0]
        if not self._accounts:
            return said | {"caller": {"name": CALLER}, "place": self._place_on_a_road()}
        account = self._account(outage)
        return said | {"caller": self._caller(account)} | self._where(account)

    def _account(self, outage: int) -> Mapping[str, Any]:
        if not outage:
            return self._dice.choice(self._accounts)
        if outage != self._outage:
            self._outage, self._dark = outage, self._around(self._dice.choice(self._accounts))
        return self._dice.choice(self._dark)

    def _around(self, first: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """The accounts of the same transformer that live nearest."""
        same = [each for each in self._accounts if each["transformer"] == first["transformer"]]
        here = (first["lon"], first["lat"])
        return sorted(same, key=lambda each: metres(here, (each["lon"], each["lat"])))[:NEIGHBOURS]

    def _caller(self, account: Mapping[str, Any]) -> dict[str, str]:
        """A real customer's name and phone are nobody's to play with."""
        if not self._fictional:
            return {"name": CALLER}
        return {"name": account["name"], "phone": account["phone"]}

    def _where(self, account: Mapping[str, Any]) -> dict[str, Any]:
        """Most know their account, some say the address, some of those only the street, few set a pin."""
        chance = self._dice.random()
        if chance < 0.68 or not account["address"]:
            return {"account_no": account["account_no"]}
        if chance < 0.86:
            return {"address": account["address"]}
        if chance < 0.93:
            return {"address": _without_number(account["address"])}
        return {"place": self._pin((account["lon"], account["lat"]))}

    def _pin(self, place: tuple[float, float]) -> dict[str, float]:
        lon, lat = shifted(place, self._dice.uniform(5, 40), self._dice.uniform(0, 360))
        return {"lon": lon, "lat": lat, "precision_m": 30.0}

    def _place_on_a_road(self) -> dict[str, float]:
        west, south, east, north = self._roads.bounds
        for _ in range(100):
            place = (self._dice.uniform(west, east), self._dice.uniform(south, north))
            lon, lat = map(float, self._roads.snap([place]).lonlat[0])
            if math.isfinite(lon):
                return self._pin((lon, lat))
        raise SetupError("the built area has hardly any road; build a larger one")


def _without_number(address: str) -> str:
    """`Hauptstraße 1, Pragsdorf` → `Hauptstraße, Pragsdorf`: as callers say it who stand on the street."""
    return re.sub(r"\s+\d[^,]*", "", address, count=1)


def shifted(place: tuple[float, float], by_m: float, bearing: float) -> tuple[float, float]:
    """(lon, lat) `by_m` metres away in the direction `bearing` (degrees from north)."""
    north, east = by_m * math.cos(math.radians(bearing)), by_m * math.sin(math.radians(bearing))
    lat = place[1] + north / M_PER_DEGREE
    return (place[0] + east / (M_PER_DEGREE * math.cos(math.radians(place[1]))), lat)
