"""What a client can do with every task: the same as with the service."""

from collections.abc import Iterator
from typing import Any

import pytest
import safetensors.torch
from gradio_client import Client

from service import InlineExecutor, TrainingService
from service.tasks import Task
from tests.conftest import free_port
from ui import build_ui, launch_options


@pytest.fixture(scope="module")
def served(registry: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TrainingService, str]]:
    """A service in this process, where the tests' own task is known, and the address of its page."""
    with TrainingService(
        tmp_path_factory.mktemp("client"), workers=1, make_executor=InlineExecutor
    ) as service:
        page = build_ui(service)
        _, address, _ = page.launch(server_port=free_port(), **launch_options(service))
        try:
            yield service, address
        finally:
            page.close()


@pytest.fixture(scope="module")
def client(served: tuple[TrainingService, str]) -> Any:
    """A client of the page."""
    return Client(served[1], verbose=False)


def test_clients_of_one_address_are_charged_together(served: tuple[TrainingService, str]) -> None:
    service, address = served
    owners = set[str]()
    for client in (Client(address, verbose=False) for _ in range(2)):
        made = client.predict(task="product", api_name="/create_model")
        assert "owner" not in made
        owners.add(service.model(made["id"]).owner)
    assert len(owners) == 2
    assert len({owner.partition("/")[0] for owner in owners}) == 1
    assert not any("127.0.0.1" in owner for owner in owners)


def test_a_client_creates_trains_goes_on_and_rewinds(client: Any, task: Task) -> None:
    model = client.predict(task=task.name, api_name="/create_model")["id"]
    first = client.predict(model_id=model, api_name="/parameters")
    job = client.predict(model_id=model, steps=30, api_name="/train")
    assert (job["status"], job["step"]) == ("succeeded", 30)
    assert job["config"]["engine"] == ("compiled" if task.kernel else "autograd")
    again = client.predict(model_id=model, steps=10, optimizer="nadam", api_name="/train")
    assert (again["start_step"], again["step"]) == (30, 40)
    history = client.predict(model_id=model, api_name="/history")
    assert history["step"][0] == 0
    assert history["step"][-1] == 40
    assert client.predict(model_id=model, api_name="/parameters") != first
    assert client.predict(model_id=model, api_name="/rewind")["step"] == 0
    assert client.predict(model_id=model, api_name="/parameters") == first


def test_a_client_gives_the_task_s_own_options(client: Any, task: Task) -> None:
    options = task.options().model_dump(mode="json")
    model = client.predict(task=task.name, **options, api_name="/create_model")
    assert model["options"] == options


def test_a_client_takes_the_weights_home(client: Any, task: Task) -> None:
    model = client.predict(task=task.name, api_name="/create_model")["id"]
    client.predict(model_id=model, steps=5, api_name="/train")
    path = client.predict(model_id=model, format="safetensors", api_name="/export")
    parameters = client.predict(model_id=model, api_name="/parameters")
    weights = safetensors.torch.load_file(path)
    assert {name: tensor.tolist() for name, tensor in weights.items()} == parameters


def test_a_client_sees_the_task_with_its_options_and_limits(client: Any, task: Task) -> None:
    (found,) = [each for each in client.predict(api_name="/tasks") if each["name"] == task.name]
    assert found["options"] == task.options().model_dump(mode="json")
    assert set(task.options.model_fields) <= set(found["limits"])
