"""Jobs followed to their end: by a thread that waits, by an event loop, or from cursor to cursor."""

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress

from service.errors import InvalidInput, ServiceClosed
from service.jobs.scheduler import Scheduler
from service.jobs.store import Store
from service.records import Job, Progress


class Following:
    """What becomes of the jobs of the store. Any thread may use it."""

    def __init__(self, store: Store, scheduler: Scheduler) -> None:
        self._store = store
        self._scheduler = scheduler

    def wait(self, job_id: str) -> Job:
        """The job, once it has ended. Raises NotFound, and ServiceClosed if that is not to happen."""
        changed = threading.Event()
        with self._scheduler.watchers.watching(job_id, changed.set):
            while not self._scheduler.closed:
                if (job := self._ended(job_id)) is not None:
                    return job
                changed.wait()
                changed.clear()
        raise ServiceClosed

    def progress(self, job_id: str, after: int = 0) -> Progress:
        """What the job has recorded since the cursor `after`, without waiting. Raises NotFound."""
        if isinstance(after, bool) or not isinstance(after, int) or not 0 <= after < 2**63:
            raise InvalidInput("after", after, "a whole number, 0 or more")
        job = self._store.job(job_id)
        points, after = self._store.points_after(job_id, after)
        shared = {name: getattr(job, name) for name in Progress.model_fields if hasattr(job, name)}
        return Progress(job_id=job_id, points=points, after=after, **shared)

    async def watch(self, job_id: str, after: int = 0) -> AsyncIterator[Progress]:
        """The job's progress now and after every change, to its end. Raises NotFound, ServiceClosed."""
        async with aclosing(self._changes(job_id)) as changes:
            async for _ in changes:
                progress = self.progress(job_id, after)
                after = progress.after
                yield progress
                if progress.status.ended:
                    return

    async def ended(self, job_id: str) -> Job:
        """The job, once it has ended: `wait` for who has an event loop to run. Raises as `watch`."""
        async with aclosing(self._changes(job_id)) as changes:
            async for _ in changes:
                if (job := self._ended(job_id)) is not None:
                    return job
        raise ServiceClosed

    def _ended(self, job_id: str) -> Job | None:
        """The job, if it has ended: as it is kept, or as it cannot be kept at present."""
        job = self._store.job(job_id)
        return job if job.status.ended else self._scheduler.unsaved.get(job_id)

    async def _changes(self, job_id: str) -> AsyncGenerator[None, None]:
        changed = asyncio.Event()
        loop = asyncio.get_running_loop()

        def wake() -> None:
            with suppress(RuntimeError):  # the loop has closed, so nobody watches any more
                loop.call_soon_threadsafe(changed.set)

        with self._scheduler.watchers.watching(job_id, wake):
            while not self._scheduler.closed:
                changed.clear()
                yield
                await changed.wait()
        raise ServiceClosed
