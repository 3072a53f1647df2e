"""What a load balancer is told."""

from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from ui.gateway.health import health


@pytest.mark.parametrize(
    ("wrong", "status", "told"),
    [
        ([], 200, {"status": "ok"}),
        (["The disk is full."], 503, {"status": "failing", "wrong": ["The disk is full."]}),
    ],
)
def test_it_says_what_is_wrong(wrong: list[str], status: int, told: dict[str, Any]) -> None:
    service: Any = SimpleNamespace(health=lambda: SimpleNamespace(problems=wrong))
    answer = TestClient(Starlette(routes=[health(service)])).get("/health")
    assert (answer.status_code, answer.json()) == (status, told)
