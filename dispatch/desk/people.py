"""Who may come in: sign-in, people, tokens and paired phones."""

from __future__ import annotations

import hashlib
import itertools
import secrets
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from dispatch.errors import BadInput, Denied, Fault
from dispatch.store.people import ROLES, Person, Role

if TYPE_CHECKING:
    from dispatch.desk import Desk

OURS = frozenset({"planner", "system", "command line", "operator"})  # who did it, where no person did
MIN_PASSWORD = 10
TRIES = 5
TRIES_MS = 300_000  # five wrong passwords lock a name for five minutes
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's second choice: ~40 ms
_NOBODY = _HASHER.hash(secrets.token_hex(16))  # an unknown name takes as long as a wrong password


def sign_in(desk: Desk, name: str, password: str) -> Person:
    """The person, or Denied; after five wrong passwords the name is locked for five minutes."""
    now = desk.clock()
    if desk.store.people.failed_signins(name, now - TRIES_MS) >= TRIES:
        raise Denied("too many wrong passwords; wait five minutes")
    found = desk.store.people.find_person(name)
    try:
        _HASHER.verify(found[1] if found else _NOBODY, password)
    except VerificationError:
        found = None
    if found is None:
        desk.store.people.note_failed_signin(name[:100], now)
        raise Denied("name or password is wrong")
    return found[0]


def add_person(desk: Desk, name: str, role: str, password: str, crew: str = "") -> Person:
    """Add a person or change them; BadInput for an unknown role or crew, or a short password."""
    if not name.strip() or len(name) > 100:
        raise BadInput(
            "A user needs a name of at most 100 characters.", (Fault("name", "missing or too long"),)
        )
    if len(password) < MIN_PASSWORD:
        fault = Fault("password", f"needs {MIN_PASSWORD} characters")
        raise BadInput(f"The password is too short: at least {MIN_PASSWORD} characters.", (fault,))
    if name in OURS:
        raise BadInput(f"{name!r} is a name of Dispatch itself; take another one.", (Fault("name", "taken"),))
    if name in desk.store.people.token_names():
        raise BadInput(f"A program is called {name!r} already; take another name.", (Fault("name", "taken"),))
    person = Person(name, check_role(role), _crew_for(desk, role, crew))
    desk.store.people.put_person(person, _HASHER.hash(password))
    return person


def check_role(role: str) -> Role:
    """The role by its name; BadInput when there is none."""
    for known in ROLES:
        if role == known:
            return known
    raise BadInput(f"There is no role {role!r}; use one of {', '.join(ROLES)}.", (Fault("role", "unknown"),))


def _crew_for(desk: Desk, role: str, crew: str) -> str:
    if (role == "crew") != bool(crew):
        raise BadInput(
            "A person of the role crew belongs to a crew, nobody else does.", (Fault("crew", "see detail"),)
        )
    return desk.store.company.get_crew(crew).id if crew else ""


def create_token(desk: Desk, role: str, name: str, crew: str = "", *, simulated: bool = False) -> str:
    """A new token for a program or phone; only its hash is kept, so this is the one time it is seen."""
    token = secrets.token_urlsafe(32)
    with desk.store.transaction():
        free = _free_name(desk, name)
        person = Person(free, check_role(role), _crew_for(desk, role, crew), simulated=simulated)
        desk.store.people.put_token(_hash(token), person, desk.clock())
    return token


def _free_name(desk: Desk, name: str) -> str:
    """The name, numbered when somebody has it: the timeline and request keys tell senders apart by it."""
    taken = OURS | set(desk.store.people.names())
    numbered = (f"{name} {number}" for number in itertools.count(2))
    return name if name not in taken else next(each for each in numbered if each not in taken)


def person_of_token(desk: Desk, token: str) -> Person | None:
    """Whose token it is, or None."""
    return desk.store.people.find_token(_hash(token))


def _hash(token: str) -> str:
    """SHA-256 is enough here: a token is 256 random bits, nothing a dictionary could hold."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
