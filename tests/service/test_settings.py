"""The environment, read once."""

import os
from pathlib import Path

import pytest

from service import InvalidInput, Limits, Settings, settings
from service.settings import LIMITS
from tests.conftest import message_of


def test_without_any_variable_there_are_defaults() -> None:
    read = Settings.from_env({})
    assert (read.port, read.workers, read.dask, read.on_space) == (
        7860,
        os.cpu_count(),
        None,
        False,
    )
    assert read.data_folder.name == "backprop-lab"


def test_every_variable_is_read() -> None:
    env = {
        "PORT": "8000",
        "LAB_DATA": "/data",
        "LAB_WORKERS": "3",
        "LAB_DASK": "tcp://a:1",
        "SPACE_ID": "me/lab",
    }
    read = Settings.from_env(env)
    assert (read.port, str(read.data_folder), read.workers) == (8000, "/data", 3)
    assert (read.dask, read.on_space) == ("tcp://a:1", True)


def test_a_port_of_gradio_s_counts_where_there_is_no_other() -> None:
    assert Settings.from_env({"GRADIO_SERVER_PORT": "7000"}).port == 7000
    assert Settings.from_env({"GRADIO_SERVER_PORT": "7000", "PORT": "8000"}).port == 8000


def test_a_space_keeps_things_where_they_survive_a_restart_or_forgets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "SPACE_STORAGE", tmp_path)
    kept = Settings.from_env({"SPACE_ID": "me/lab"})
    assert (kept.data_folder, kept.forgets) == (tmp_path, False)
    monkeypatch.setattr(settings, "SPACE_STORAGE", tmp_path / "none")
    assert Settings.from_env({"SPACE_ID": "me/lab"}).forgets
    assert not Settings.from_env({"SPACE_ID": "me/lab", "LAB_DATA": "/elsewhere"}).forgets
    assert not Settings.from_env({}).forgets


def test_a_space_says_where_it_is() -> None:
    assert Settings.from_env({"SPACE_HOST": "me-lab.hf.space"}).address == "https://me-lab.hf.space"
    assert Settings.from_env({}).address == ""


@pytest.mark.parametrize("name", ["PORT", "GRADIO_SERVER_PORT", "LAB_WORKERS"])
@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "99999", "²"])
def test_a_bad_number_is_named(name: str, value: str) -> None:
    message = message_of(lambda: Settings.from_env({name: value}), InvalidInput)
    assert message.startswith(f"{name} must be a whole number from 1 to ")
    assert message.endswith(f"got '{value}'.")


@pytest.mark.parametrize("root", ["/lab", "https://example.org/lab"])
def test_the_place_behind_a_proxy_is_read_with_and_without_the_final_slash(root: str) -> None:
    assert Settings.from_env({"GRADIO_ROOT_PATH": root}).root_path == root
    assert Settings.from_env({"GRADIO_ROOT_PATH": f"{root}/"}).root_path == root


def test_a_place_that_is_no_path_is_named() -> None:
    message = message_of(lambda: Settings.from_env({"GRADIO_ROOT_PATH": "lab"}), InvalidInput)
    assert message.startswith("GRADIO_ROOT_PATH must be a path such as /lab")


def test_proxies_are_trusted_where_somebody_says_so_and_on_a_space() -> None:
    assert Settings.from_env({}).trusted_proxies == ()
    told = Settings.from_env({"LAB_TRUSTED_PROXIES": " 127.0.0.1,10.0.0.0/8, ::1"})
    assert told.trusted_proxies == ("127.0.0.1", "10.0.0.0/8", "::1")
    assert "10.0.0.0/8" in Settings.from_env({"SPACE_ID": "a/b"}).trusted_proxies
    with pytest.raises(InvalidInput, match="LAB_TRUSTED_PROXIES must be addresses or networks"):
        Settings.from_env({"LAB_TRUSTED_PROXIES": "proxy.example.org"})


def test_limits_are_read_each_from_its_own_variable() -> None:
    assert Settings.from_env({}).limits == Limits()
    given = {name: number for number, name in enumerate(LIMITS, start=1)}
    env = {LIMITS[name]: str(number) for name, number in given.items()} | {"LAB_MODEL_DAYS": "0.0035"}
    assert Settings.from_env(env).limits == Limits(**given, model_days=0.0035)


@pytest.mark.parametrize("value", ["0", "-1", "x", "nan", "1e5", "99999", "1,5", "²"])
def test_days_that_cannot_be_are_named(value: str) -> None:
    message = message_of(lambda: Settings.from_env({"LAB_MODEL_DAYS": value}), InvalidInput)
    assert (
        message
        == f"LAB_MODEL_DAYS must be a number of days from 0.0001 to 36,500, such as 30 or 0.5; got '{value}'."
    )
