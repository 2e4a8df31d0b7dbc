"""Faults of an OSRM server: each ends in a plain sentence, in bounded time, and asks nobody else."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dispatch.errors import RoadsUnavailable
from dispatch.roads.server import REST_S, Server
from tests.conftest import Clock, free_port


class Fake:
    """A server that answers each question as the test says: (status, body), or a function of the handler."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked: list[str] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                fake.asked.append(self.path)
                answer = fake.answers.pop(0) if len(fake.answers) > 1 else fake.answers[0]
                if callable(answer):
                    answer(self)
                    return
                status, body = answer
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.http.server_port}"


@pytest.fixture
def fake():
    made = []

    def make(*answers):
        made.append(Fake(*answers))
        return made[-1]

    yield make
    for each in made:
        each.http.shutdown()
        each.http.server_close()


def hang_up(handler):
    """Close the connection without a word."""
    handler.close_connection = True


def trickle(handler):
    """Promise much and send little, slowly."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        if handler.server.fell_silent.wait(0.05):
            return


OK = (200, b'{"code": "Ok"}')


def ask(base, limit_s=2.0):
    return Server(base).get("table/v1/driving/1,2;3,4", {"sources": "0"}, limit_s)


def test_an_answer_is_handed_on_whatever_its_code(fake):
    server = fake((400, b'{"code": "NoRoute"}'))
    assert ask(server.base) == {"code": "NoRoute"}
    assert server.asked == ["/table/v1/driving/1,2;3,4?sources=0"]


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"code": 5}', b"[" * 100_000, b"\xff"])
def test_what_is_not_osrm_is_said_not_to_be(fake, body):
    with pytest.raises(RoadsUnavailable, match="does not answer like OSRM"):
        ask(fake((200, body)).base)


def test_nobody_is_led_elsewhere(fake):
    server = fake((302, b""))
    with pytest.raises(RoadsUnavailable, match="answered 302"):
        ask(server.base)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [404, 429, 500, 503])
def test_a_server_in_trouble_is_named_with_what_it_answered(fake, status):
    with pytest.raises(RoadsUnavailable, match=f"answered {status}"):
        ask(fake((status, b"{}")).base)


def test_a_server_that_is_down_says_what_to_do():
    with pytest.raises(RoadsUnavailable, match="cannot be reached; start osrm-routed"):
        ask(f"http://127.0.0.1:{free_port()}")


def test_a_connection_that_was_closed_is_tried_once_more_and_no_oftener(fake):
    server = fake(hang_up, OK)
    assert ask(server.base) == {"code": "Ok"}
    server = fake(hang_up)
    with pytest.raises(RoadsUnavailable, match="cannot be reached"):
        ask(server.base)
    assert len(server.asked) == 2


def test_an_answer_that_trickles_is_cut_off_when_its_time_is_over(fake):
    server = fake(trickle)
    server.http.fell_silent = threading.Event()
    with pytest.raises(RoadsUnavailable, match="did not answer in time"):
        ask(server.base, limit_s=0.3)
    server.http.fell_silent.set()


def test_after_a_failure_nobody_waits_for_the_server_again_for_a_while(fake):
    server, clock = fake((500, b""), OK), Clock(0)
    asked = Server(server.base, monotonic=clock)
    for words in ("answered 500", "answered 500 .*a moment ago"):
        with pytest.raises(RoadsUnavailable, match=words):
            asked.get("nearest/v1/driving/1,2", {}, 2.0)
    assert len(server.asked) == 1
    clock.at_ms = round(REST_S) + 1
    assert asked.get("nearest/v1/driving/1,2", {}, 2.0) == {"code": "Ok"}


def test_the_proxy_of_the_environment_is_not_used(fake, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("no_proxy", "")
    assert ask(fake(OK).base) == {"code": "Ok"}
