"""Coordinates that somebody gave are on the globe, and lon comes first."""

from __future__ import annotations

import pytest

from dispatch.desk.ahead import around
from dispatch.desk.given import check_lonlat
from dispatch.desk.intake import set_place, zone_of
from dispatch.desk.place import Pin
from dispatch.errors import BadInput, SetupError
from tests.desk.county import LI, T2, call
from tests.okcounty import StraightRoads

BERLIN = (13.4, 52.5)


class NearBerlin(StraightRoads):
    """Roads where both ways round are places on earth."""

    @property
    def bounds(self):
        return (13.0, 52.3, 13.8, 52.7)


@pytest.fixture
def berlin(county):
    vars(county)["roads"] = NearBerlin()
    return county


@pytest.mark.parametrize("ask", [check_lonlat, around, zone_of])
def test_swapped_coordinates_are_refused_with_a_hint(berlin, ask):
    with pytest.raises(BadInput, match=r"lon and lat are swapped.* 13.4, 52.5 inside"):
        ask(berlin, BERLIN[::-1])


def test_a_swapped_pin_moves_no_report(berlin):
    call(berlin, "08:00", address="behind the mill")
    with pytest.raises(BadInput, match="swapped"):
        set_place(berlin, "R1", Pin(*BERLIN[::-1]), "", LI)


def test_a_latitude_that_can_only_be_a_longitude_is_told_as_swapped(county):
    with pytest.raises(BadInput, match="perhaps lon and lat are swapped"):
        check_lonlat(county, T2[::-1])


@pytest.mark.parametrize("lonlat", [BERLIN, (14.2, 52.5), (9.0, 48.0), (0.0, 0.0)])
def test_a_place_elsewhere_is_somebody_elses_and_not_refused(berlin, lonlat):
    check_lonlat(berlin, lonlat)


@pytest.mark.parametrize("lonlat", [(181.0, 0.0), (0.0, -91.0), (float("nan"), 0.0), (float("inf"), 0.0)])
def test_what_is_not_on_the_globe_is_refused(county, lonlat):
    with pytest.raises(BadInput, match="no place on earth"):
        check_lonlat(county, lonlat)


def test_without_a_built_area_nothing_is_said_of_places_on_earth(county, monkeypatch):
    def no_area(_roads):
        raise SetupError("no area")

    monkeypatch.setattr(StraightRoads, "bounds", property(no_area))
    check_lonlat(county, BERLIN[::-1])
