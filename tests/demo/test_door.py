"""What simulated people make of an answer: taken, refused for good, or no answer yet."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from dispatch.demo.door import Door, Refused, Unreachable


class Pages(BaseHTTPRequestHandler):
    """Answers /STATUS with that status, and with what it was sent."""

    protocol_version = "HTTP/1.1"
    timeout = 1

    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        said = {"sent": json.loads(sent), "detail": "say it differently"}
        said |= {name: self.headers[name] for name in ("Authorization", "Idempotency-Key")}
        body = b"<html>" if self.path == "/200-page" else json.dumps(said).encode()
        self.send_response(int(self.path[1:4]))
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def door():
    with HTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield Door(f"http://127.0.0.1:{server.server_port}", "secret")
        server.shutdown()
        thread.join()


def test_a_request_carries_token_and_key(door):
    taken = door.post("/201", {"fault": "meter"}, "k1")
    assert taken["sent"] == {"fault": "meter"}
    assert taken["Authorization"] == "Bearer secret"
    assert taken["Idempotency-Key"] == "k1"


@pytest.mark.parametrize("status", [302, 401, 409, 422, 500])
def test_a_refusal_says_where_and_why(door, status):
    with pytest.raises(Refused, match=f"POST /{status}: {status} say it differently"):
        door.post(f"/{status}", {})


def test_a_page_instead_of_an_answer_is_a_refusal(door):
    with pytest.raises(Refused, match="not JSON"):
        door.post("/200-page", {})


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_an_overloaded_server_is_asked_again_later(door, status):
    with pytest.raises(Unreachable, match=str(status)):
        door.post(f"/{status}", {})


def test_nobody_listening_is_no_answer():
    with pytest.raises(Unreachable, match=r"GET /api/board"):
        Door("http://127.0.0.1:9", "secret").get("/api/board")
