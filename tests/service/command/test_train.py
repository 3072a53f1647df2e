"""`train`: what it prints, writes and refuses, and how it ends."""

import json
import os
import pty
import re
import signal
import subprocess
from pathlib import Path

import pytest
from safetensors.numpy import load_file

from service import TrainingService, export
from service.command.options import FAILED, INTERRUPTED, MISUSED
from service.records import TrainingConfig
from service.takeaway.exports import FORMATS
from tests.conftest import ROOT
from tests.service.command.running import MODULE, called

CHALLENGE = ["train", "challenge", "--lr", "1e-3", "--steps", "2000", "--hidden", "3"]


@pytest.fixture
def same(lab: TrainingService) -> str:
    """The id of the model that CHALLENGE trains."""
    model = lab.create_model("challenge", hidden=[3])
    lab.train(model.id, learning_rate=1e-3, steps=2000)
    return model.id


def test_it_trains_certifies_and_exports_what_the_service_does(
    lab: TrainingService, same: str, tmp_path: Path
) -> None:
    result = called(*CHALLENGE, "--export", str(tmp_path / "run.safetensors"))
    assert result.exit_code == 0
    certificate = lab.snapshot(same).certify()
    assert f"\n{certificate.verdict}\n{certificate.claim}\n{certificate.sentence}\n" in result.stdout
    assert "succeeded at step 2,000" in result.stdout
    assert not result.stderr  # no bar where there is no terminal
    written = load_file(tmp_path / "run.safetensors")
    assert {name: each.tolist() for name, each in written.items()} == lab.snapshot(same).parameters


@pytest.mark.parametrize("format", FORMATS)
def test_the_end_of_the_file_says_the_format_and_an_option_overrules_it(
    lab: TrainingService, same: str, tmp_path: Path, format: str
) -> None:
    content = export(lab.snapshot(same), format).content
    by_end, by_name = tmp_path / f"run.{FORMATS[format].suffix}", tmp_path / "run.bin"
    called(*CHALLENGE, "--export", str(by_end))
    called(*CHALLENGE, "--export", str(by_name), "--format", format)
    assert by_end.read_bytes() == by_name.read_bytes() == content


def test_json_is_all_that_is_printed() -> None:
    told = json.loads(called("train", "product", "--start", "3,4", "--steps", "5", "--json").stdout)
    assert told["model"]["options"]["start"] == [3.0, 4.0]
    assert told["job"]["status"] == "succeeded"
    assert told["certificate"] is None


def config_of(*options: str) -> TrainingConfig:
    told = json.loads(called("train", *options, "--json").stdout)
    return TrainingConfig.model_validate(told["job"]["config"])


def test_options_become_the_config() -> None:
    config = config_of(
        *("challenge", "--steps", "3", "--momentum", "0.9", "--settings", '{"weight_decay": 0.5}'),
        *("--examples", "20", "--held-out", "0.2", "--order", "shuffled", "--batch-size", "4"),
    )
    assert config.settings == {"momentum": 0.9, "nesterov": False, "weight_decay": 0.5}
    assert (config.examples, config.held_out, config.batch_size, config.order) == (20, 0.2, 4, "shuffled")


def test_a_dataset_may_be_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("a,b,c,d,e,f,g,h\n1,2,3,1,2,3,4,5\n0,0,0,0,0,0,1,2\n")
    dataset = config_of("challenge", "--steps", "3", "--dataset", str(path)).dataset
    assert dataset is not None
    assert dataset != str(path)


def test_a_run_that_diverges_exits_with_1_and_says_why() -> None:
    result = called("train", "product", "--lr", "50")
    assert result.exit_code == FAILED
    assert "diverged at step" in result.stdout
    assert result.stderr.startswith("Diverged at step ")


NOT_ALLOWED: dict[str, tuple[list[str], str]] = {
    "a rate": (["product", "--lr", "abc"], "--lr must be a number above 0 and at most 1000; got 'abc'."),
    "two meanings": (
        ["product", "--lr", "1,5"],
        "--lr must be a number above 0 and at most 1000, written as",
    ),
    "steps": (["product", "--steps", "0"], "--steps must be a whole number from 1 to "),
    "a task": (["nothing"], "TASK must be one of product, memorize, challenge; got 'nothing'."),
    "widths": (["challenge", "--hidden", "3,x"], "--hidden must be a list of at most 3 layer widths"),
    "an option of another task": (["product", "--hidden", "3"], "--hidden must be left out"),
    "settings": (["product", "--settings", "{"], "--settings must be the optimizer's own settings"),
    "momentum twice": (
        ["product", "--settings", '{"momentum": 0}', "--momentum", "0.9"],
        "--momentum must be left out where settings has it too",
    ),
    "an end": (["product", "--export", "run.xyz"], "--export must be a file that ends in .safetensors"),
    "a folder": (["product", "--export", "/nowhere/run.csv"], "--export must be a file in a folder"),
    "a format": (["product", "--export", "x", "--format", "y"], "--format must be one of safetensors"),
    "a format of nothing": (["product", "--format", "csv"], "--format must be left out without --export"),
    "no folder to log to": (
        ["memorize", "--log", "tensorboard"],
        "--log must be one of tensorboard, trackio, mlflow",
    ),
}


@pytest.mark.parametrize("name", NOT_ALLOWED)
def test_what_is_not_allowed_is_refused_in_one_sentence_with_the_name_that_was_typed(name: str) -> None:
    arguments, sentence = NOT_ALLOWED[name]
    result = called("train", *arguments)
    assert result.exit_code == MISUSED
    assert not result.stdout
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


def test_a_folder_keeps_the_model(tmp_path: Path) -> None:
    called("train", "product", "--steps", "5", "--data", str(tmp_path / "data"), "--json")
    told = json.loads(called("train", "product", "--data", str(tmp_path / "data"), "--json").stdout)
    with TrainingService(tmp_path / "data", workers=1) as lab:
        assert lab.model(told["model"]["id"]).step == told["job"]["step"]


def test_a_folder_in_use_is_refused_with_the_option_to_change(tmp_path: Path) -> None:
    with TrainingService(tmp_path, workers=1):
        result = called("train", "product", "--data", str(tmp_path))
    assert result.exit_code == FAILED
    assert "give --data another folder" in result.stderr


def test_a_terminal_shows_a_bar_and_ctrl_c_cancels_the_training_and_says_so_in_a_line() -> None:
    terminal, its_end = pty.openpty()
    # Ctrl-C reaches it, whatever this process makes of one.
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    started = subprocess.Popen(
        [*MODULE, "train", "product", "--engine", "autograd", "--steps", "10000000"],
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        stdout=subprocess.PIPE,
        stderr=its_end,
    )
    signal.signal(signal.SIGINT, handler)
    os.close(its_end)
    read_until(terminal, r"[1-9][\d,]* of 10,000,000 steps loss [\d.e+-]+")
    started.send_signal(signal.SIGINT)
    read_until(terminal, r"Cancelled after [1-9][\d,]* of 10,000,000 steps\.\r\n")
    assert started.communicate()[0] == b""
    assert started.returncode == INTERRUPTED
    os.close(terminal)


def read_until(terminal: int, pattern: str) -> None:
    """Read what is shown until it has the pattern. Raises AssertionError if it ends before."""
    shown = ""
    while not re.search(pattern, re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", shown)):
        try:
            shown += os.read(terminal, 4096).decode(errors="replace")
        except OSError:
            raise AssertionError(f"it ended with {shown[-500:]!r}") from None
