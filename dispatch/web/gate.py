"""Who may come in: every route has a rule, and a request without one of its roles gets no further."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Response, current_app, g, jsonify, redirect, request, session, url_for
from werkzeug.exceptions import UnsupportedMediaType

from dispatch.desk.people import person_of_token
from dispatch.errors import Denied
from dispatch.paths import TEXTS
from dispatch.store.people import ROLES, Person, Role
from dispatch.web.parsing import Kind, parse
from dispatch.web.problems import problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from dispatch.desk import Desk

PUBLIC = "public"
ANYONE: tuple[Role, ...] = ROLES
READERS: tuple[Role, ...] = ("dispatcher", "supervisor", "auditor")
DESK: tuple[Role, ...] = ("dispatcher", "supervisor")
SAFE = {"GET", "HEAD", "OPTIONS"}
LANGUAGES = ("zh", "en")
PUBLIC_ENDPOINTS = {"static"}
CSP = (
    "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:; "
    "style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
View = TypeVar("View", bound="Callable[..., Any]")


def allow(*roles: Role | str) -> Callable[[View], View]:
    """The rule of a route: the roles that may use it, or PUBLIC."""

    def mark(view: View) -> View:
        view.roles = frozenset(roles)  # type: ignore[attr-defined]  # read by the gate and by the test of routes
        return view

    return mark


def rule_of(app: Flask, endpoint: str) -> frozenset[str]:
    """The roles a route is open to; empty when nobody gave it a rule, which lets nobody in."""
    if endpoint in PUBLIC_ENDPOINTS:
        return frozenset({PUBLIC})
    found: frozenset[str] = getattr(app.view_functions[endpoint], "roles", frozenset())
    return found


def desk() -> Desk:
    """The desk behind these pages."""
    found: Desk = current_app.extensions["desk"]
    return found


def person() -> Person:
    """Who sends this request; the gate has let nobody else in."""
    found: Person = g.person
    return found


def body(kind: type[Kind]) -> Kind:
    """The request's JSON as a model; BadInput names what is wrong, 415 when it is not called JSON."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send the body as application/json.")
    return parse(kind, request.get_data())


def tagged(shown: dict[str, Any], lasting: object) -> Response:
    """`shown` as JSON with an ETag over `lasting`, what does not change by itself; 304 if it is known."""
    answer = jsonify(shown)
    answer.set_etag(hashlib.sha256(repr(lasting).encode()).hexdigest()[:32])
    answer.headers["Cache-Control"] = "no-cache"
    answer.make_conditional(request)
    return answer


@lru_cache(maxsize=4)
def texts(language: str) -> dict[str, str]:
    """The catalogue of one language."""
    found: dict[str, str] = json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))
    return found


def _language() -> str:
    chosen = request.cookies.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    wanted = request.accept_languages.best_match(LANGUAGES)
    return wanted or desk().config.service.language


def _who() -> Person | None:
    """The person behind the token or the session cookie, or None."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        g.by_token = True
        return person_of_token(desk(), token.strip())
    name = session.get("name")
    found = desk().store.people.find_person(name) if name else None
    return found[0] if found and found[0].session_no == session.get("no") else None


def csrf() -> str:
    """This session's secret that every changing request of a page must carry."""
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(24)
    return str(session["csrf"])


def _check_csrf() -> None:
    """A request that changes something must come from our own page (cookie) or carry a token."""
    if request.method in SAFE or g.get("by_token"):
        return
    sent = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    if not hmac.compare_digest(sent.encode(), str(session.get("csrf", "")).encode()) or not sent:
        raise Denied("this page is out of date; load it again")


def _enter() -> Response | None:
    """Run before every request: language, person, rule, CSRF."""
    g.language = _language()
    g.texts = texts(g.language)
    g.person = None if request.endpoint in PUBLIC_ENDPOINTS else _who()
    if request.endpoint is None:
        return None  # 404 or 405 follow
    rule = rule_of(current_app, request.endpoint)
    if PUBLIC not in rule:
        if g.person is None:
            return _ask_to_sign_in()
        if g.person.role not in rule:
            raise Denied(f"the role {g.person.role} may not do this")
    _check_csrf()
    return None


def _ask_to_sign_in() -> Response:
    if request.path.startswith(("/api/", "/open311/")):
        answer = problem(401, "sign_in", "Sign in, or send Authorization: Bearer TOKEN.")
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    return redirect(url_for("signin.page", next=request.full_path.rstrip("?")))  # type: ignore[return-value]  # werkzeug's redirect is a Response


def _leave(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", CSP)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "same-origin")
    answer.headers.setdefault("Cache-Control", "no-store")  # names and phones stay out of shared caches
    return answer


def _context() -> dict[str, Any]:
    """What every template may use."""
    company, service = desk().store.company, desk().config.service
    return {
        "lang": g.language,
        "texts": g.texts,
        "t": _translate,
        "person": g.get("person"),
        "csrf": csrf(),
        "service": {"name": service.name, "hotline": service.hotline},
        "simulated": bool(company.setting("simulated")),
    }


def _translate(key: str, **values: object) -> str:
    text: str = g.texts.get(key, key)
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def install(app: Flask) -> None:
    """Put the gate before every route of the app."""
    app.before_request(_enter)
    app.after_request(_leave)
    app.context_processor(_context)
