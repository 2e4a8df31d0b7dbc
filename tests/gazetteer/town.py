"""A town and two villages written by hand: every house stands where a reader can see it.

A number in the drawing is a thousandth of a degree from (10, 50): about 71 m eastwards, 111 m northwards.
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr


class Town:
    """Collects objects and writes them as an .osm file."""

    def __init__(self):
        self._nodes = []
        self._ways = []
        self._relations = []

    def point(self, east, north, **tags):
        """A node `east`, `north` thousandths of a degree from (10, 50)."""
        number = len(self._nodes) + 1
        self._nodes.append((number, 10 + east / 1000, 50 + north / 1000, tags))
        return number

    def house(self, east, north, street, number, city=""):
        """A house as a point; what is empty is not tagged."""
        said = {"addr:street": street, "addr:housenumber": number, "addr:city": city}
        return self.point(east, north, **{tag: value for tag, value in said.items() if value})

    def line(self, *corners, missing=(), **tags):
        """A way through corners; `missing` are ids of nodes that the extract has lost."""
        ids = [self.point(*corner) for corner in corners]
        return self._way([*ids, *missing], tags)

    def outline(self, *corners, **tags):
        """A closed way around corners."""
        ids = [self.point(*corner) for corner in corners]
        return self._way([*ids, ids[0]], tags)

    def multipolygon(self, way, **tags):
        """A relation with one outer way."""
        self._relations.append((len(self._relations) + 1, way, {"type": "multipolygon", **tags}))

    def write(self, path):
        """Write the town to `path` and give it back."""
        nodes = [
            f'<node id="{n}" lon="{lon:.7f}" lat="{lat:.7f}">{_tags(t)}</node>'
            for n, lon, lat, t in self._nodes
        ]
        ways = [
            f'<way id="{n}">{"".join(f"""<nd ref="{ref}"/>""" for ref in refs)}{_tags(t)}</way>'
            for n, refs, t in self._ways
        ]
        relations = [
            f'<relation id="{n}"><member type="way" ref="{way}" role="outer"/>{_tags(t)}</relation>'
            for n, way, t in self._relations
        ]
        body = "\n".join([*nodes, *ways, *relations])
        path.write_text(f'<osm version="0.6">\n{body}\n</osm>\n', encoding="utf-8")
        return path

    def _way(self, refs, tags):
        number = len(self._ways) + 1
        self._ways.append((number, refs, tags))
        return number


def _tags(tags):
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())


def sample_town():
    """Marktstadt with Lange Straße and Gänseweg; Oberdorf and Unterdorf, each with a Dorfstraße; Kahlhof."""
    town = Town()
    town.point(0, 0, place="town", name="Marktstadt")
    town.point(-3, 4, place="suburb", name="Nordviertel")
    town.point(60, 0, place="village", name="Oberdorf")
    town.point(-60, 0, place="village", name="Unterdorf")
    town.point(0, 60, place="hamlet", name="Kahlhof")
    town.line((-4, 1), (0, 1), (4, 1), highway="residential", name="Lange Straße")
    town.line((-4, 3), (-4, 5), highway="residential", name="Gänseweg")
    town.line((58, 1), (62, 1), highway="residential", name="Dorfstraße")
    town.line((-62, 1), (-58, 1), highway="residential", name="Dorfstraße")
    town.line((-3, -3), (3, -3), highway="residential", name="Straße des 17. Juni")
    town.house(-2, 1.2, "Lange Straße", "1", "Marktstadt")
    town.house(0, 1.2, "Lange Straße", "12", "Marktstadt")
    town.house(1, 1.2, "Lange Straße", "12 A", "Marktstadt")
    town.house(2, 1.2, "Lange Straße", "14,16", "Marktstadt")
    town.house(-4, 4, "Gänseweg", "3")
    town.house(0, -3, "Straße des 17. Juni", "5", "Marktstadt")
    town.house(60, 1, "Dorfstraße", "7", "Oberdorf")
    town.house(-60, 1, "Dorfstraße", "7", "Unterdorf")
    town.house(-61, 1, "Dorfstraße", "9", "Unterdorf")
    town.house(0, 60, "", "2", "Kahlhof")
    town.point(3, 0, amenity="pharmacy", name="Löwen-Apotheke")
    town.point(0, 2, power="substation", name="Umspannwerk Nord")
    town.point(1, 2, power="substation")
    return town
