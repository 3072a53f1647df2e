"""The workbench every chapter trains on: what moving and pressing its controls does and shows.

The ids of the chapter's model, and of its twin on the other engine, are kept in the browser, so a page
that is loaded again finds them and goes on watching.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import gradio as gr
from gradio.components import Component

from service import InvalidInput
from ui.bench_task import BenchTask
from ui.book import Book
from ui.components.unapplied import unapplied_line
from ui.errors import warn
from ui.events import QUIET
from ui.fields import Data, moved_by_hand
from ui.layout import Layout
from ui.lesson import Lesson
from ui.links import FINGERPRINT, OPEN, RUN, answered, asked, draft, hidden, linked, settled
from ui.parsing import parse_vectors
from ui.trainer import BenchState, Trainer
from ui.view import Scene, Updates, View
from ui.visitors import owner_of


class Workbench:
    """One chapter's tab, laid out in the gr.Blocks under construction and wired to the service."""

    def __init__(
        self, book: Book, chapter: str, bench_task: BenchTask, layout: Layout, beside: Lesson | None = None
    ) -> None:
        """Wire the layout; `chapter` is what the page's address calls the tab.

        A lesson `beside` it shares controls: what sets them has it drawn again, in the same answer.
        """
        service = book.service
        book.benches[bench_task.task] = layout
        self._service = service
        self._chapter = chapter
        self._trainer = Trainer(service, bench_task.task)
        self.layout = layout
        self._view = View(service, self._trainer, chapter, bench_task, layout)
        self._workspace = book.workspace
        self._beside = beside
        known: set[Any] = {layout.shown, *layout.tested}
        everything: set[Any] = {*known, *layout.controls, *(beside.inputs if beside else ())}
        self.everything = everything
        """What `asked` is read from."""
        seen = layout.seen
        self._drawn = [*seen, *(beside.outputs if beside else ())]
        live: list[Any] = [field.component for field in layout.linked.values() if field.live]
        # While a training is at work, what is moved starts no other, and then the last: nothing queues
        # up, and what is on the page is what was moved last.
        moved = [component.input for component in live]
        draft(chapter, "training", layout.linked, moved, layout.live)
        trained = gr.on(moved, self.drag, everything, self._drawn, trigger_mode="always_last", **QUIET)
        answered(chapter, "training", trained)
        set_only = [moved_by_hand(component) for component in layout.controls if component not in live]
        noted = [layout.unapplied, *(beside.outputs if beside else ())]
        changed = gr.on(set_only, self.note, everything, noted, trigger_mode="always_last", **QUIET)
        self.changes = [trained, changed]
        """The events of a control's change. What else follows the controls is to come after these: where two
        events have one trigger, and both run again for what changed meanwhile, gradio's client has each of
        them run the other, for ever."""
        layout.train.click(self.train, everything, self._drawn, **QUIET)
        self.offer(layout.status, "learning_rate", self._stable_learning_rate)
        layout.looking.wire(self.look, known, seen)
        self._made_with = [
            field.component for field in layout.fields.values() if field.argument_of == "model"
        ]
        layout.go_on.click(self.train_on, everything, [*self._drawn, *self._made_with], **QUIET)
        layout.stop.click(self.stop, known, seen, **QUIET)
        layout.rewind.click(self.rewind, known, seen, **QUIET)
        layout.check.click(self.check, everything, seen, **QUIET)
        kept = [layout.shown, layout.model_id, layout.twin_id, book.workspace]
        controls = [*layout.tested, *layout.controls]
        book.opening.know(chapter, layout.linked)
        for box in layout.tested:
            book.opening.hold(chapter, "vectors", box)
        book.opening.add(self.restore, [*self._drawn, *layout.controls], kept=kept, controls=controls)
        if layout.vectors is not None:
            layout.predict.click(self.predict, everything, seen, **QUIET)

    def offer(self, figure: gr.HTML, name: str, choose: Callable[[str], Any]) -> None:
        """Have a figure's `submit` train afresh as the model that is shown, but for the field `name`.

        `choose` gives that field's value for the model, or None to leave everything as it is. What the
        controls hold by then does not matter; afterwards they hold what was trained with.
        """
        component = self.layout.fields[name].component

        async def take(data: Data, request: gr.Request) -> Updates:
            known = self._known(data)
            value = choose(known) if known else None
            if known is None or value is None:
                return self._nothing()
            held = {**self._view.settings(self._service.snapshot(known)), component: value}
            visibility = self.layout.optimizer.visibility(held)
            return {**await self._train({**data, **held}, request), **settled(held, visibility, data)}

        figure.submit(take, self.everything, [*self._drawn, *self.layout.controls], **QUIET)  # pyright: ignore[reportAttributeAccessIssue]

    # What moving and pressing does

    async def train(self, data: Data, request: gr.Request) -> Updates:
        """Train a new model from its first weights; it takes the place of the one before."""
        return await self._train(data, request)

    async def drag(self, data: Data, request: gr.Request) -> Updates:
        """`train`, unless that would replace what was not made by a slider; then it is said what to press."""
        if not data[self.layout.live] or self._made_by_hand(data):
            return await self.note(data)
        return await self._train(data, request, moved=True)

    async def note(self, data: Data) -> Updates:
        """Say what has been set but not trained with, and draw the lesson beside it."""
        return {**await self.compare(data), **await self._drawn_beside(data)}

    def _made_by_hand(self, data: Data) -> bool:
        """Whether the model has been trained on by hand, or is being trained as a link says."""
        known = self._known(data)
        last = self._service.latest_job(known) if known else None
        return bool(data[self.layout.shown].pending) or (last is not None and last.start_step > 0)

    async def compare(self, data: Data) -> Updates:
        """Say whether the controls hold other settings than those that the model was trained with."""
        known = self._known(data)
        same = True
        if known is not None and self._service.latest_job(known) is not None:
            with suppress(InvalidInput):  # what cannot be read is said once it is asked for
                same = self._service.matches_last_training(known, *self.layout.asked(data))
        shown: BenchState = data[self.layout.shown]
        busy = Scene(*self._trainer.read(shown), bool(shown.pending)).busy
        return {self.layout.unapplied: "" if same else unapplied_line(busy=busy)}

    async def _train(self, data: Data, request: gr.Request, *, moved: bool = False) -> Updates:
        options, training = self.layout.asked(data)
        shown, owner = data[self.layout.shown], owner_of(request)
        beside = await self._drawn_beside(data)
        if await self._trainer.train(shown, options, training, owner, moved=moved):
            return {**beside, **self._view.updates(data), self.layout.unapplied: ""}
        return {**beside, **self._nothing()}

    async def _drawn_beside(self, data: Data) -> Updates:
        return await self._beside.redraw(data) if self._beside else {}

    def _nothing(self) -> Updates:
        return {self.layout.status: gr.skip()}

    async def train_on(self, data: Data, request: gr.Request) -> Updates:
        """Train the model on, with the settings as they now are."""
        known = self._known(data)
        if known is None:  # the server has been emptied since
            return await self._train(data, request)
        shown: BenchState = data[self.layout.shown]
        job = self._service.submit(known, **self.layout.asked(data)[1])
        self._trainer.let_go(shown)
        self._trainer.keep(shown)
        await self._trainer.drop_twin(shown)
        await self._trainer.moment(job)
        # It goes on with the network that there is, whatever the controls say by now.
        settings = self._view.settings(self._service.snapshot(known))
        made = {component: settings[component] for component in self._made_with}
        beside = await self._drawn_beside({**data, **made})
        return {**beside, **self._view.updates(data), **made, self.layout.unapplied: ""}

    async def look(self, data: Data) -> Updates:
        """Show how the training stands in a moment; it looks again as long as something is at work."""
        shown: BenchState = data[self.layout.shown]
        if job := self._trainer.running(shown.twin) or self._trainer.running(shown.model):
            await self._trainer.moment(job)
        await self._trainer.go_on(shown)
        await self._trainer.train_twin_on(shown)
        return self._view.updates(data)

    async def check(self, data: Data, request: gr.Request) -> Updates:
        """Train a twin on the other engine, as the model was trained, and show the two side by side."""
        await self._trainer.check(data[self.layout.shown], owner_of(request))
        return self._view.updates(data)

    async def stop(self, data: Data) -> Updates:
        """Cancel what is at work; what the model has learned is kept."""
        shown: BenchState = data[self.layout.shown]
        if self._trainer.running(shown.twin):
            await self._trainer.drop_twin(shown)
        self._trainer.let_go(shown)
        await self._trainer.stop(shown.model)
        return self._view.updates(data)

    async def rewind(self, data: Data) -> Updates:
        """Go back to the first weights."""
        if known := self._known(data):
            self._service.rewind(known)
        self._trainer.let_go(data[self.layout.shown])
        await self._trainer.drop_twin(data[self.layout.shown])
        return self._view.updates(data)

    async def restore(self, data: Data, request: gr.Request) -> Updates:
        """Show what the page's address says, trained; or else the model this browser knows."""
        visibility = dict.fromkeys(hidden(self.layout.linked, request), False)
        shown: BenchState = data[self.layout.shown]
        shown.workspace = data[self._workspace].id
        to_open = asked(self._chapter, request, OPEN)
        opened = self._trainer.known(to_open)
        shown.model = opened or self._trainer.known(data[self.layout.model_id])
        shown.twin = None if opened else self._trainer.known(data[self.layout.twin_id])
        recipe = asked(self._chapter, request, RUN)
        if recipe is not None:
            promised = asked(self._chapter, request, FINGERPRINT)
            try:
                await self._trainer.recreate(shown, recipe, promised, owner_of(request))
            except InvalidInput as error:  # what this browser knows is shown instead
                warn([error], "Link", "In the address of this page, ")
        if to_open is not None and opened is None:
            allowed = "the id of a run of this chapter; it may have been deleted"
            warn([InvalidInput(OPEN, to_open, allowed)], "Link", "In the address of this page, ")
        if opened is not None:
            self._trainer.keep(shown)

        async def check(tried: Data) -> None:
            self._service.check(self._trainer.task, *self.layout.asked({**data, **tried}))

        values: Mapping[Component, Any] = await linked(self._chapter, self.layout.linked, request, check)
        if values:
            data = {**data, **values}
            options, training = self.layout.asked(data)
            if shown.model is None or not self._service.matches_last_training(shown.model, options, training):
                # What this browser knew is let go of, not deleted: a link may have been followed by chance.
                shown.model = shown.twin = None
                await self._trainer.train(shown, options, training, owner_of(request))
        view: Updates = {}
        if shown.model is not None:
            view = self._view.updates(data)
            values = self._view.settings(self._service.snapshot(shown.model))
            visibility = {**self.layout.optimizer.visibility(values), **visibility}
            # With their labels, which buttons in a tab that nobody has opened yet would lose.
            view |= {button: {**view[button], "value": button.value} for button in self.layout.buttons}
        beside = await self._drawn_beside({**data, **values}) if values else {}
        return {**beside, **view, **settled(values, visibility, data)}

    async def predict(self, data: Data, request: gr.Request) -> Updates:
        """Answer the vectors; without a model yet, with a new and untrained one."""
        assert self.layout.vectors is not None
        vectors = parse_vectors(data[self.layout.vectors])
        if known := self._known(data):
            self._service.snapshot(known).predict(vectors)
            return self._view.updates(data)
        options, _ = self.layout.asked(data)
        created = self._trainer.create(options, owner_of(request))
        try:
            self._service.snapshot(created).predict(vectors)
        except InvalidInput:
            await self._trainer.drop(created)
            raise
        data[self.layout.shown].model = created
        return self._view.updates(data)

    def _known(self, data: Data) -> str | None:
        return self._trainer.known(data[self.layout.shown].model)

    def _stable_learning_rate(self, model_id: str) -> float | None:
        job = self._service.latest_job(model_id)
        return job.stable_learning_rate if job else None


def lay_out_workbench(book: Book, chapter: str, bench_task: BenchTask) -> Workbench:
    """A workbench in the tab under construction."""
    layout = Layout(book.service, bench_task, book.memories[bench_task.task])
    return Workbench(book, chapter, bench_task, layout)
