"""Rates, and which hosts and pages are ours."""

from __future__ import annotations

import pytest
from brigade.agents.sessions.play.limits import Bucket, Buckets, Doors


def test_a_bucket_allows_a_burst_and_then_its_rate() -> None:
    bucket = Bucket(rate=2.0, burst=3.0)
    assert [bucket.take(0.0) for _ in range(4)] == [True, True, True, False]
    assert bucket.take(0.5)
    assert not bucket.take(0.6)
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]


def test_buckets_forget_who_came_longest_ago() -> None:
    buckets = Buckets(rate=0.001, burst=1.0, most=2)
    assert buckets.take("a")
    assert buckets.take("b")
    assert not buckets.take("a")
    assert buckets.take("c")
    assert buckets.take("b"), "b was forgotten when c came"


@pytest.mark.parametrize(
    ("host", "ours"),
    [("localhost:8000", True), ("127.0.0.1:8000", True), ("[::1]:8000", True), ("192.168.1.7:8000", True),
     ("kitchen.example", True), ("evil.example", False), ("127.0.0.1.evil.example", False), ("", False), ("[", False)],
)  # fmt: skip
def test_hosts_that_are_ours(host: str, ours: bool) -> None:
    assert Doors("127.0.0.1", ["https://kitchen.example"]).knows_host({"host": host}) is ours


@pytest.mark.parametrize(
    ("origin", "ours"),
    [("http://localhost:8000", True), ("https://kitchen.example", True), ("http://localhost:9000", False),
     ("http://evil.example", False), ("null", False), ("", False), ("file://localhost:8000", False)],
)  # fmt: skip
def test_pages_that_are_ours(origin: str, ours: bool) -> None:
    doors = Doors("127.0.0.1", ["https://kitchen.example/"])
    assert doors.knows_page({"host": "localhost:8000", "origin": origin}) is ours
