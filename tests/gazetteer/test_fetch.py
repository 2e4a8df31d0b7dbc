"""Asking one server outside: whatever it does, the caller gets an answer or a reason within the limit."""

from __future__ import annotations

import threading

import pytest

from dispatch.gazetteer.fetch import MOST_AT_ONCE, Fetcher, NoAnswer
from tests.gazetteer.provider import provider


def reason(base, url=None, limit_s=5.0):
    with pytest.raises(NoAnswer) as caught:
        Fetcher(base, limit_s).get_json(url or f"{base}/search?q=1")
    return caught.value.reason


def test_an_answer_in_json_is_handed_over():
    with provider({"name": "老街"}) as (base, asked):
        assert Fetcher(base, 5).get_json(f"{base}/search?q=1") == {"name": "老街"}
    assert asked == [("/search", {"q": "1"})]


def test_a_redirect_is_not_followed():
    with provider({}) as (elsewhere, lured):
        headers = [("Location", f"{elsewhere}/search")]
        with provider({}, 302, headers) as (base, asked):
            assert reason(base) == "redirected"
    assert (len(asked), lured) == (1, [])


def test_another_host_than_the_providers_is_never_asked():
    with provider({}) as (base, _), provider({}) as (other, asked):
        assert reason(base, f"{other}/search") == "other_host"
        assert reason(base, base.replace("127.0.0.1", "localhost")) == "other_host"
        assert reason(base, base.replace("http:", "https:")) == "other_host"
    assert asked == []


@pytest.mark.parametrize(
    ("status", "why"), [(500, "broken"), (503, "broken"), (403, "refused"), (404, "refused")]
)
def test_an_error_of_the_server_is_a_reason(status, why):
    with provider({}, status) as (base, _):
        assert reason(base) == why


@pytest.mark.parametrize("garbage", [b"", b"<html>", b"\xff\xfe", b'{"a":', b"[" * 100_000])
def test_garbage_is_not_understood(garbage):
    with provider(garbage) as (base, _):
        assert reason(base) == "not_understood"


def test_five_megabytes_are_not_read():
    with provider(b" " * 5_000_000) as (base, _):
        assert reason(base) == "too_large"


def drip(handler, over):
    """A byte now and then: each in time for a socket's own limit, all of them far too late."""
    handler.send_response(200)
    handler.end_headers()
    while not over.wait(0.02):
        handler.wfile.write(b" ")
        handler.wfile.flush()


@pytest.mark.parametrize("slow", [drip, lambda _handler, over: over.wait(20)], ids=["drips", "silent"])
def test_the_limit_holds_for_the_whole_call(slow):
    over = threading.Event()
    with provider(lambda handler: slow(handler, over)) as (base, _):
        try:
            assert reason(base, limit_s=0.3) == "timeout"
        finally:
            over.set()


def test_a_server_that_is_not_there_is_a_reason():
    with provider({}) as (base, _):
        pass
    assert reason(base) == "unreachable"


def test_a_server_that_hangs_up_is_a_reason():
    with provider(lambda handler: handler.connection.close()) as (base, _):
        assert reason(base) == "unreachable"


def test_no_more_than_a_few_threads_wait_for_one_server():
    over, all_in = threading.Event(), threading.Barrier(MOST_AT_ONCE + 1)

    def hold(_handler):
        all_in.wait(20)
        over.wait(20)

    with provider(hold) as (base, _):
        fetcher = Fetcher(base, 20)
        given_up = []

        def ask():
            try:
                fetcher.get_json(f"{base}/")
            except NoAnswer as error:
                given_up.append(error.reason)

        waiting = [threading.Thread(target=ask) for _ in range(MOST_AT_ONCE)]
        for each in waiting:
            each.start()
        all_in.wait(20)
        with pytest.raises(NoAnswer, match="busy"):
            fetcher.get_json(f"{base}/")
        over.set()
        for each in waiting:
            each.join()
    assert "busy" not in given_up
