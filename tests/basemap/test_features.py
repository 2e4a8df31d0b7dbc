from __future__ import annotations

import pytest

from dispatch.basemap.features import FIELDS, classify_area, classify_line, classify_node


def test_a_slip_road_is_drawn_like_its_road():
    assert classify_line({"highway": "primary_link"}) == classify_line({"highway": "primary"})


def test_a_siding_is_seen_only_from_near():
    rail = classify_line({"railway": "rail"})
    siding = classify_line({"railway": "rail", "service": "yard"})
    assert rail is not None
    assert siding is not None
    assert rail[1] < siding[1]


@pytest.mark.parametrize("tags", [{"highway": "proposed"}, {"railway": "abandoned"}, {"power": "abandoned"}])
def test_what_is_not_there_is_not_drawn(tags):
    assert classify_line(tags) is None


def test_a_place_without_a_name_is_not_drawn():
    assert classify_node({"place": "village"}) is None


def test_a_population_in_words_counts_as_unknown():
    village = classify_node({"place": "village", "name": "A", "population": "about 50"})
    assert village == ("places", 10, ("village", "A", "", "", 0))


def test_the_old_spelling_of_substation_is_understood():
    assert classify_area({"power": "sub_station"}) == classify_area({"power": "substation"})


def test_building_no_is_not_a_house():
    assert classify_area({"building": "no"}) is None


@pytest.mark.parametrize(
    "found",
    [
        classify_node({"place": "town", "name": "A"}),
        classify_node({"power": "transformer"}),
        classify_line({"highway": "service"}),
        classify_line({"waterway": "stream"}),
        classify_line({"railway": "tram"}),
        classify_line({"power": "minor_line"}),
        classify_line({"boundary": "administrative"}),
        classify_area({"natural": "wood"}),
        classify_area({"landuse": "reservoir"}),
        classify_area({"building": "yes"}),
    ],
)
def test_every_feature_carries_the_fields_of_its_layer(found):
    layer, _, fields = found
    assert len(fields) == len(FIELDS[layer])
