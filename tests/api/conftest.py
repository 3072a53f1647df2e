"""A client of the shared app, as a notebook has one."""

from typing import Any

import pytest
from gradio_client import Client

from tests.conftest import RunningApp


@pytest.fixture(scope="module")
def client(app: RunningApp) -> Any:
    """A client of the shared app."""
    return Client(app.address, verbose=False)


def create(client: Any, task: str, **options: Any) -> str:
    """The id of a new model."""
    return client.predict(task=task, api_name="/create_model", **options)["id"]
