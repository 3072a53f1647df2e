"""What several tests share: a service on a fresh folder, and a running app."""

import asyncio
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
import torch
from hypothesis import settings

from service import InlineExecutor, Progress, TrainingService
from service.engines.cache import FOLDER
from service.jobs.kernels import kernels_are_kept

Result = TypeVar("Result")
ROOT = Path(__file__).parent.parent

settings.register_profile("lab", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("lab")
torch.set_num_threads(1)


COMPILE = "from service.jobs.kernels import compile_kernels; compile_kernels(backwards={})"


def pytest_configure(config: pytest.Config) -> None:
    """Have the kernels compiled before there are workers and apps, of which each would compile them.

    By two processes that begin at either end, and find what the other one has kept.
    """
    if hasattr(config, "workerinput") or FOLDER is None or kernels_are_kept():
        return
    compilers = [
        subprocess.Popen([sys.executable, "-c", COMPILE.format(backwards)], cwd=ROOT)
        for backwards in (False, True)
    ]
    for compiler in compilers:
        compiler.wait()


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[TrainingService]:
    """A service on a fresh folder, training in this process."""
    with TrainingService(tmp_path, workers=1, make_executor=InlineExecutor) as service:
        yield service


@pytest.fixture(scope="session")
def pool_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainingService]:
    """A service on a real process pool, shared by the tests that need one."""
    with TrainingService(tmp_path_factory.mktemp("pool"), workers=2) as service:
        yield service


class RunningApp:
    """`python app.py` as a process of its own, ready when constructed."""

    def __init__(self, data: Path, env: dict[str, str] | None = None) -> None:
        self.port = free_port()
        self.data = data
        self.process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env={**os.environ, "PORT": str(self.port), "LAB_DATA": str(data), **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = ""
        """What it has said."""
        self.address = self._wait_for(re.compile(r"running at (http://\S+)"))
        # Else an app that says much would wait for a reader.
        threading.Thread(target=self._listen, daemon=True).start()

    def _wait_for(self, pattern: re.Pattern[str], seconds: float = 180) -> str:
        assert self.process.stdout is not None
        timer = threading.Timer(seconds, self.process.kill)
        timer.start()
        try:
            for line in self.process.stdout:
                self.output += line
                if found := pattern.search(line):
                    return found[1]
        finally:
            timer.cancel()
        raise AssertionError(f"the app did not start:\n{self.output}")

    def _listen(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as said:
            for line in said:
                self.output += line

    def stop(self) -> None:
        """End it as Ctrl-C or a container would."""
        self.process.terminate()
        self.process.wait(timeout=20)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(timeout=20)


def free_port() -> int:
    """A port that nobody listens on now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_app(data: Path, **env: str) -> Iterator[RunningApp]:
    """A running app, stopped in the end."""
    app = RunningApp(data, env)
    try:
        yield app
    finally:
        if app.process.poll() is None:
            app.stop()


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningApp]:
    """One running app for all the tests that only use it."""
    with running_app(tmp_path_factory.mktemp("app")) as started:
        yield started


def run_async(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """`asyncio.run` in a thread of its own, for Playwright keeps a loop running in the main one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def until(lab: TrainingService, job_id: str, condition: Callable[[Progress], bool]) -> Progress:
    """Watch the job until its progress fulfils the condition."""

    async def watch() -> Progress:
        async for progress in lab.watch(job_id):
            if condition(progress):
                return progress
        raise AssertionError("the job ended before")

    return run_async(watch())


def under_way(progress: Progress) -> bool:
    """Whether the job has trained at all."""
    return progress.step > progress.start_step


Raised = Callable[[], object]


def message_of(action: Raised, error: type[Exception]) -> str:
    """The message of the error that `action` raises."""
    with pytest.raises(error) as caught:
        action()
    return str(caught.value)
