"""The executors that slices run on, each a plain `concurrent.futures.Executor`."""

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from service.engines.cache import FOLDER
from service.jobs.kernels import compile_for_server, kernels_are_kept
from service.jobs.pool import WorkerPool

Result = TypeVar("Result")


def process_pool(workers: int) -> WorkerPool:
    """`workers` processes with one torch thread each; a call is made again if its process dies.

    They are forked from a server process that has torch and the kernels loaded, and nothing else. Windows
    cannot fork: there, each loads them by itself.
    """
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        # torch.optim imports torch._dynamo at its first step: a second that no learner shall wait for.
        context.set_forkserver_preload(["torch._dynamo", "service.jobs.scheduler", "service.jobs.preload"])
    else:
        context = multiprocessing.get_context("spawn")
    pool = WorkerPool(context, workers, _start_worker)
    if FOLDER is not None and not kernels_are_kept():
        # On a first start. Who trains meanwhile compiles what that needs; all others find it done.
        context.Process(target=_compile_in_background, daemon=True).start()
    return pool


def _compile_in_background() -> None:
    _start_worker()
    compile_for_server()


def _start_worker() -> None:
    # What is loaded by now stays; collecting garbage among it again and again would take time.
    gc.freeze()
    # Ctrl-C reaches the whole group; it is the server that decides when its workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_server, daemon=True).start()


def _end_with_server() -> None:
    # A killed server cannot tell its workers to stop, and they would wait for work for ever.
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
        os._exit(0)


class InlineExecutor(Executor):
    """Runs every call at once, in the calling thread."""

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Call `fn` now; the future returned is done, with its result or its exception."""
        future = Future[Result]()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # as in a pool: it ends the call, and not the thread that made it
            future.set_exception(error)
        return future
