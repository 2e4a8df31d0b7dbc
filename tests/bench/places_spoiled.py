"""How a caller or a clerk spoils an address, one class each, by rule and seed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NOISE_BEFORE = ("bitte schnell ", "Störung ", "bei Müller ", "hallo, wir wohnen ", "kein Strom ", "im ")
NOISE_AFTER = (" Hinterhaus", " 2. Stock", " neben dem Laden", " links", ", bitte klingeln", " danke")
SHORT = (("straße", "str."), ("Straße", "Str."), ("platz", "pl."), ("Platz", "Pl."), ("Große ", "Gr. "),
         ("Kleine ", "Kl. "), ("Sankt ", "St. "), ("Doktor", "Dr."), ("allee", "al."))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """A house as the map has it, degrees WGS-84."""

    street: str
    number: str
    city: str
    lon: float
    lat: float

    @property
    def written(self) -> str:
        """As it stands on a letter."""
        return f"{self.street} {self.number}, {self.city}"


def typo(text: str, chance: random.Random) -> str:
    """One letter changed, lost, doubled up with another or swapped with the next; never a digit."""
    at = chance.choice([place for place, ch in enumerate(text) if ch.isalpha()])
    kind = chance.randrange(4)
    if kind == 0:
        return text[:at] + chance.choice(LETTERS.replace(text[at].lower(), "")) + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + chance.choice(LETTERS) + text[at:]
    other = next((place for place in range(at + 1, len(text)) if text[place].isalpha()), at)
    if text[at] == text[other] or other != at + 1:
        return typo(text, chance)
    return text[:at] + text[other] + text[at] + text[other + 1 :]


def two_typos(text: str, chance: random.Random) -> str:
    """Two of them, anywhere."""
    return typo(typo(text, chance), chance)


def _spoil_names(change: Callable[[str, random.Random], str]) -> Callable[[Address, random.Random], str]:
    """Spoil letters of street and town only: a wrong digit is another house, which nobody can tell.

    A letter that belongs to the number (12 A) is one of its digits here.
    """

    def spoiled(address: Address, chance: random.Random) -> str:
        street, _, city = change(f"{address.street}\n{address.city}", chance).partition("\n")
        return f"{street} {address.number}, {city}"

    return spoiled


def _swapped(address: Address, chance: random.Random) -> str:
    forms = (
        f"{address.city}, {address.street} {address.number}",
        f"{address.number} {address.street}, {address.city}",
        f"{address.city} {address.number} {address.street}",
        f"{address.city} {address.street} {address.number}",
    )
    return chance.choice(forms)


def _joined(address: Address, chance: random.Random) -> str:
    forms = (
        f"{address.street}{address.number}, {address.city}",
        f"{address.street.replace(' ', '').replace('-', '')} {address.number} {address.city}",
        f"{address.city}{address.street} {address.number}",
        f"{address.street} {address.number}{address.city}",
    )
    # "12A" before a name that begins with a letter cannot be taken apart again by anybody
    return chance.choice(forms if address.number.isdigit() else forms[:3])


def _noisy(address: Address, chance: random.Random) -> str:
    before, after = chance.choice((*NOISE_BEFORE, "")), chance.choice(NOISE_AFTER)
    return f"{before}{address.written}{after}"


def _abbreviated(address: Address, chance: random.Random) -> str:
    street = address.street
    for long, short in SHORT:
        street = street.replace(long, short)
    words = re.split(r"([ -])", street)
    if len(words) > 3 and words[0].isalpha() and chance.random() < 0.5:
        street = words[0][0] + "." + "".join(words[1:])  # F.-Engels-Ring
    return f"{street} {address.number}, {address.city}"


# Each class: how the address is spoiled.
CLASSES: dict[str, Callable[[Address, random.Random], str]] = {
    "well formed": lambda address, _chance: address.written,
    "one typo": _spoil_names(typo),
    "two typos": _spoil_names(two_typos),
    "missing town": lambda address, _chance: f"{address.street} {address.number}",
    "swapped order": _swapped,
    "joined words": _joined,
    "noise": _noisy,
    "abbreviations": _abbreviated,
}
