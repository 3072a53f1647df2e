"""Whether a Dask worker can train for this lab: the code, the versions, and the bits of a trial."""

import pickle
from collections.abc import Mapping
from concurrent.futures import Future
from functools import cache
from typing import Any

from llvmlite.binding import get_host_cpu_name

from service.engines import ENGINES
from service.errors import ClusterUnusable
from service.jobs.code import own_code
from service.jobs.kernels import compile_kernels
from service.jobs.processes import settle
from service.jobs.remote import OTHER_CODE, ByValue, make_call_beside, receive
from service.tasks import TASKS
from service.training.advance import Slice, Work, advance, first_checkpoint
from service.training.requests import step_limits, training_config

PACKAGES = ("torch", "numpy", "numba", "safetensors", "pydantic", "distributed", "cloudpickle")
"""What must be of the same version on both sides."""
TRIAL_STEPS = 50
INSTALL = "install this lab's requirements.txt with the same Python there"

_receive, _make_call = ByValue(receive), ByValue(make_call_beside)


class OtherCode(Exception):
    """The worker's process has imported other code of the lab's, and cannot import this as well."""


def check_versions(who: str, theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> None:
    """Compare what `Client.get_versions` says of the two. Raises ClusterUnusable, naming each difference."""
    there, here = _versions(theirs), _versions(ours)
    if wrong := [name for name in here if name in there and there[name] != here[name]]:
        has = ", ".join(f"{name} {there[name]}" if there[name] else f"no {name}" for name in wrong)
        lab = ", ".join(f"{name} {here[name]}" for name in wrong)
        raise ClusterUnusable(who, f"has {has}, and this lab {lab}", INSTALL)


def _versions(said: Mapping[str, Any]) -> dict[str, str | None]:
    """Python's minor version and the packages' versions; how a package was built is not compared."""
    packages: Mapping[str, str | None] = said["packages"]
    minor = ".".join(said["host"]["python"].split(".")[:2])
    known = {name: (packages[name] or "").partition("+")[0] or None for name in PACKAGES if name in packages}
    return {"Python": minor, **known}


def make_ready(client: Any, address: str) -> None:
    """Send the code to the worker at `address`, have its kernels loaded, and compare a trial's bits.

    Raises OtherCode, ClusterUnusable, and OSError where the worker is gone.
    """
    who, code = f"The Dask worker {address}", own_code()
    try:
        got = client.run(_receive, code.name, code.archive, workers=[address])[address]
        if got == OTHER_CODE:
            raise OtherCode
        message = pickle.dumps((_make_ready, (), {}))
        answered = Future[tuple[str, dict[str, Slice]]]()
        settle(answered, client.run(_make_call, message, workers=[address])[address])
        processor, found = answered.result()
    except (OtherCode, OSError):
        raise
    except Exception as error:
        raise ClusterUnusable(
            who, f"cannot run this lab's code ({type(error).__name__}: {error})", INSTALL
        ) from error
    if wrong := [name for name, expected in trial().items() if found.get(name) != expected]:
        here = get_host_cpu_name()
        raise ClusterUnusable(
            who,
            f"({processor}) trains {', '.join(wrong)} to other bits than this machine ({here})",
            "use machines of one kind",
        )


def _make_ready() -> tuple[str, dict[str, Slice]]:
    compile_kernels()
    return get_host_cpu_name(), trial()


@cache
def trial() -> dict[str, Slice]:
    """A short training of every task by every engine, the same on every machine."""
    slices: dict[str, Slice] = {}
    for name, task in TASKS.items():
        for engine in ENGINES:
            options, given = task.options.parse({}), {"engine": engine, "steps": TRIAL_STEPS}
            config = training_config(task, given, step_limits())
            checkpoint = first_checkpoint(name, options, seed=0)
            work = Work(name, options, config, 0, TRIAL_STEPS, 0, checkpoint)
            slices[f"{name} ({engine})"] = advance(work, TRIAL_STEPS)
    return slices
