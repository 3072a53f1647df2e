"""What a Dask worker is asked to do. It is sent by value: until `receive`, a worker has no code of the lab's.

So nothing of the lab's is imported above the functions, and a Dask scheduler, which reads what is sent
through it, needs neither the lab nor torch.
"""

import asyncio
import io
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import cloudpickle

OTHER_CODE = "other code"


class ByValue:
    """A function of this module, with its code in it wherever it is sent."""

    def __init__(self, function: Any) -> None:
        self._function = function
        self._pickled = _pickled(function)
        self.__name__ = function.__name__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function here."""
        return self._function(*args, **kwargs)

    def __reduce__(self) -> tuple[Any, tuple[bytes]]:
        """On the other side it is the function itself."""
        return cloudpickle.loads, (self._pickled,)


def _pickled(function: Any) -> bytes:
    this = sys.modules[__name__]
    cloudpickle.register_pickle_by_value(this)
    try:
        return cloudpickle.dumps(function)
    finally:
        cloudpickle.unregister_pickle_by_value(this)


async def receive(name: str, archive: bytes, dask_worker: Any) -> str | None:
    """Have the code at hand in the worker's process; OTHER_CODE if it has imported other code already."""
    return await asyncio.to_thread(_install, name, archive, Path(dask_worker.local_directory))


def _install(name: str, archive: bytes, scratch: Path) -> str | None:
    imported = "service" in sys.modules
    if not imported:
        sys.path.insert(0, str(_unpacked(name, archive, scratch)))
    try:
        from service.jobs.code import own_code
    except ImportError:
        if imported:
            return OTHER_CODE
        raise
    return None if own_code().name == name else OTHER_CODE


def _unpacked(name: str, archive: bytes, scratch: Path) -> Path:
    """The folder with the code, shared by all of the worker's machine that have the same scratch folder."""
    folder = scratch.parent / name
    if not folder.exists():
        made = Path(tempfile.mkdtemp(dir=scratch.parent))
        with zipfile.ZipFile(io.BytesIO(archive)) as sources:
            sources.extractall(made)
        try:
            made.replace(folder)
        except OSError:  # another worker was quicker
            return folder if folder.exists() else made
    return folder


def make_call(message: bytes) -> bytes:
    """Make the pickled call in a worker that has the code."""
    from service.jobs.processes import answer

    return answer(message)


async def make_call_beside(message: bytes) -> bytes:
    """As `make_call`, while the worker goes on to answer its scheduler."""
    return await asyncio.to_thread(make_call, message)
