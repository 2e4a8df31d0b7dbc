"""How a person signs in and out, and chooses the language of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, session, url_for

from dispatch.desk.people import sign_in
from dispatch.desk.upkeep import sample_users
from dispatch.errors import Denied
from dispatch.web.gate import LANGUAGES, allow, desk

if TYPE_CHECKING:
    from dispatch.store.people import Person

pages = Blueprint("signin", __name__)
HOME = {"crew": "phone.page", "intake": "signin.page", "auditor": "board.page"}


def _inside(target: str) -> str:
    """`target` if it leads to a page of ours, else an empty string: a sign-in never sends people away."""
    try:
        parts = urlsplit(target)
    except ValueError:  # such as an unclosed bracket
        return ""
    plain = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    return target if plain and not parts.netloc and not parts.scheme else ""


def _page(error: str, status: int) -> Response:
    wanted = _inside(request.values.get("next", ""))
    users = sample_users(desk())
    shown = render_template("signin.html", page="signin", error=error, next=wanted, sample_users=users)
    return make_response(shown, status)


@pages.get("/signin")
@allow("public")
def page() -> Response:
    """The sign-in page."""
    return _page("", 200)


@pages.post("/signin")
@allow("public")
def post_signin() -> Response:
    """Check the password; five wrong ones lock the name for five minutes."""
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    try:
        who = sign_in(desk(), name[:200], password[:1000])
    except Denied as refusal:
        locked = "too many" in str(refusal)
        return _page("signin.locked" if locked else "signin.wrong", 429 if locked else 403)
    session.clear()
    session.update(name=who.name, no=who.session_no)
    session.permanent = True
    return _to(_inside(request.form.get("next", "")) or _home(who))


def _home(who: Person) -> str:
    return url_for(HOME.get(who.role, "board.page"))


def _to(target: str) -> Response:
    return make_response(redirect(target))


@pages.post("/signout")
@allow("public")
def post_signout() -> Response:
    """End every session of this person; cookies that were copied are worthless afterwards."""
    if g.person is not None and not g.get("by_token"):
        desk().store.people.end_sessions(g.person.name)
    session.clear()
    return _to(url_for("signin.page"))


@pages.post("/language")
@allow("public")
def post_language() -> Response:
    """Remember the language of the pages for a year."""
    answer = _to(_inside(request.form.get("next", "")) or url_for("board.page"))
    if (chosen := request.form.get("lang", "")) in LANGUAGES:
        answer.set_cookie("language", chosen, max_age=365 * 86400, samesite="Lax", httponly=True)
    return answer
