"""Who waits for news of a job, and how they are told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Watchers:
    """Callbacks by job; any thread may use it."""

    def __init__(self) -> None:
        self._by_job: dict[str, list[Callable[[], None]]] = {}
        self._lock = threading.Lock()

    @contextmanager
    def watching(self, job_id: str, wake: Callable[[], None]) -> Iterator[None]:
        """Have `wake` called, in whatever thread has the news, until the context is left."""
        with self._lock:
            self._by_job.setdefault(job_id, []).append(wake)
        try:
            yield
        finally:
            with self._lock:
                self._by_job[job_id].remove(wake)
                if not self._by_job[job_id]:
                    del self._by_job[job_id]

    def wake(self, job_id: str) -> None:
        """Tell all who watch the job."""
        with self._lock:
            wakes = list(self._by_job.get(job_id, ()))
        for wake in wakes:
            wake()

    def wake_all(self) -> None:
        """Tell all who watch any job."""
        with self._lock:
            watched = list(self._by_job)
        for job_id in watched:
            self.wake(job_id)
