"""A provider on 127.0.0.1 that answers as a test says, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Quiet(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Nothing: callers hang up on purpose."""


@contextmanager
def provider(answer, status=200, headers=()):
    """(base address, list of (path, query) asked). `answer` is JSON, bytes, or called with the handler."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            where = urlsplit(self.path)
            asked.append((where.path, {name: values[0] for name, values in parse_qs(where.query).items()}))
            if callable(answer):
                answer(self)
                return
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            """Nothing: a test's output is its own."""

    server = Quiet(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


NOMINATIM: Any = [
    {
        "lat": "53.5571", "lon": "13.2612", "display_name": "Friedrich-Engels-Ring 53, Neubrandenburg",
        "boundingbox": ["53.55705", "53.55715", "13.26115", "13.26125"],
    }
]  # fmt: skip
PHOTON: Any = {
    "features": [
        {
            "geometry": {"coordinates": [13.2612, 53.5571]},
            "properties": {"name": "Rathaus", "type": "house", "city": "Neubrandenburg"},
        }
    ]
}
BAIDU: Any = {
    "status": 0,
    "result": {
        "location": {"lng": 116.404, "lat": 39.915}, "precise": 1, "confidence": 80, "comprehension": 100,
        "level": "门址",
    },
}  # fmt: skip
AMAP: Any = {
    "status": "1",
    "geocodes": [{"formatted_address": "敖汉旗新惠镇12号", "location": "116.397,39.909", "level": "门牌号"}],
}
