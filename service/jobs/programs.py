"""Programs that somebody wrote: each runs in a process of its own, and takes turns with all that trains."""

import asyncio
import logging
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from service.errors import InvalidInput, LimitReached, StorageFailed, one_of
from service.exercises import JUDGED, Verdict
from service.jobs.entries import ProgramEntry
from service.jobs.results import Made, model_of_program
from service.jobs.scheduler import Scheduler
from service.jobs.seats import Seats
from service.jobs.store import Store
from service.sandbox.process import Nursery, ProgramProcess, can_run_programs
from service.sandbox.report import MAX_PROGRAM_CHARACTERS, ProgramEnd, ProgramProgress, ProgramReport

logger = logging.getLogger(__name__)

MAX_PROCESSES = 16
"""Programs that have a process at a time; more wait for one to end."""


class Programs:
    """Runs programs, and judges them; `seconds` is what each may compute, 0 to have none run."""

    def __init__(self, store: Store, scheduler: Scheduler, workers: int, seconds: int) -> None:
        self._store = store
        self._scheduler = scheduler
        if seconds and not can_run_programs():
            logger.warning("Programs are not run: this system lacks what keeps them apart. All else works.")
            seconds = 0
        self._seconds = seconds
        self._nursery = Nursery()
        self._seats = Seats(MAX_PROCESSES)
        # As many threads as slices can run; each waits for a process.
        self._slices = ThreadPoolExecutor(workers, thread_name_prefix="program")

    @property
    def enabled(self) -> bool:
        """Whether programs are run here."""
        return self._seconds > 0

    def start(self) -> None:
        """Have ready what the first program would wait for. That takes some seconds."""
        if self.enabled:
            self._nursery.start()

    def close(self) -> None:
        """End what runs. To be called after the scheduler's `close`."""
        self._nursery.close()
        self._slices.shutdown()

    async def run(self, program: object, *, owner: str = "") -> AsyncIterator[ProgramProgress | ProgramEnd]:
        """Run the program; tell how it goes, and in the end what it came to.

        Whoever closes the iterator before ends the program. Raises InvalidInput, ServiceClosed.
        """
        text = self._checked(program)
        async for each in self._run(text, owner, 1.0):
            yield each if isinstance(each, ProgramProgress) else self._end(each, text, owner)

    async def check(
        self, exercise: object, program: object, *, owner: str = ""
    ) -> AsyncIterator[ProgramProgress | ProgramEnd]:
        """Run the program, once more with other learning rates if the exercise asks for that, and judge it.

        As `run`. Raises InvalidInput, ServiceClosed.
        """
        asked = JUDGED[one_of("exercise", exercise, JUDGED)]
        text = self._checked(program)
        report = ProgramReport()
        async for each in self._run(text, owner, 1.0):
            if isinstance(each, ProgramProgress):
                yield each
            else:
                report = each
        verdict = asked.judge(report)
        if verdict.passed and asked.again is not None:
            assert asked.judge_again is not None
            async for each in self._run(text, owner, asked.again):
                if isinstance(each, ProgramProgress):
                    yield each.model_copy(update={"shown": []})
                else:
                    verdict = asked.judge_again(report, each)
        end = self._end(report, text, owner)
        radius: int | None = None
        if asked.judge_certificate is not None and verdict.passed:
            if end.model_id is None:
                verdict = Verdict(False, end.no_model or "The program made no network of the right size.")
            else:
                certificate = await asyncio.to_thread(self._store.snapshot(end.model_id).certify)
                radius = certificate.radius
                verdict = asked.judge_certificate(report, certificate)
        told = {"passed": verdict.passed, "said": verdict.said, "hint": verdict.hint, "radius": radius}
        yield end.model_copy(update=told)

    def _checked(self, program: object) -> str:
        if not self.enabled:
            raise InvalidInput("program", program, "left out, for this server runs no programs")
        if not isinstance(program, str):
            raise InvalidInput("program", program, "a text")
        if len(program) > MAX_PROGRAM_CHARACTERS:
            allowed = f"a text of at most {MAX_PROGRAM_CHARACTERS:,} characters"
            raise InvalidInput("program", f"{len(program):,} characters", allowed)
        return program

    async def _run(
        self, program: str, owner: str, rate_factor: float
    ) -> AsyncIterator[ProgramProgress | ProgramReport]:
        loop = asyncio.get_running_loop()
        heard: asyncio.Queue[ProgramProgress | None] = asyncio.Queue()
        tell = partial(_from_thread, loop, heard)
        process = ProgramProcess(
            self._nursery, program, seconds=self._seconds, rate_factor=rate_factor, told=tell
        )
        seat = self._seats.ask(owner)
        running: Future[Any] | None = None
        try:
            yield ProgramProgress(waiting=True)
            await asyncio.wrap_future(seat)
            running = self._scheduler.run(ProgramEntry(process, owner=owner, place=self._slices))
            running.add_done_callback(lambda _: tell(None))
            while (progress := await heard.get()) is not None:
                yield progress
            await asyncio.wrap_future(running)
            assert process.report is not None
            yield process.report
        finally:
            if running is not None:
                running.cancel()
            # In a thread, and not waited for: the process may be about to begin.
            loop.run_in_executor(None, self._give_up, process, owner, seat)

    def _give_up(self, process: ProgramProcess, owner: str, seat: Future[None]) -> None:
        process.end()
        self._seats.leave(owner, seat)

    def _end(self, report: ProgramReport, program: str, owner: str) -> ProgramEnd:
        made = model_of_program(report, program, owner)
        if made.model is not None and made.checkpoint is not None:
            try:
                self._store.add_model(made.model, made.checkpoint)
            except (LimitReached, StorageFailed) as error:  # what the program did is told all the same
                made = Made(network=made.network, reason=str(error))
        return ProgramEnd(
            report=report,
            model_id=made.model and made.model.id,
            network=made.network,
            no_model=made.reason,
        )


def _from_thread(
    loop: asyncio.AbstractEventLoop,
    heard: "asyncio.Queue[ProgramProgress | None]",
    what: ProgramProgress | None,
) -> None:
    try:
        loop.call_soon_threadsafe(heard.put_nowait, what)
    except RuntimeError:  # the loop has closed, so nobody listens any more
        return
