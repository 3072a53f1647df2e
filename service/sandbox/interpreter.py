"""Runs a program in this process, behind the first wall, and tells what happened."""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor, nn

from service.sandbox.chains import chain_of
from service.sandbox.guards import confined, program_scope
from service.sandbox.kernels import checked_kernels
from service.sandbox.meanings import meaning
from service.sandbox.observation import Losses, Observation, line_of, number
from service.sandbox.policy import PROGRAM_FILE, ProgramRefused, compile_program
from service.sandbox.report import (
    MAX_OUTPUT_CHARACTERS,
    MAX_TOLD_NUMBERS,
    ProgramError,
    ProgramProgress,
    ProgramReport,
    Shown,
    ToldNetwork,
    ToldTensor,
)

MAX_TOLD = 50
"""Tensors, and networks, that are told of a program."""
LOSS_NAMES = ("loss", "error", "history")
"""A list with one of these in its name is one of losses."""


class OutputLimitReached(BaseException):
    """The program has shown too much; no Exception, lest the program catches it."""


@dataclass
class Running:
    """A program while it runs: what it has shown, and where it is."""

    shown: list[Shown] = field(default_factory=list)
    ended: bool = False
    """Whether it has come to its end; what its network shows when it is asked after that is left out."""
    _characters: int = 0
    _told: int = 0
    """How many of `shown` have been told."""
    _loop: tuple[Any, int] | None = None
    """The iterator of the outermost loop over a range, and how many rounds it has."""

    def show(self, line: int, kind: Literal["printed", "value"], text: str) -> None:
        """Take up what the program shows. Raises OutputLimitReached."""
        if self.ended:
            return
        left = MAX_OUTPUT_CHARACTERS - self._characters
        self._characters += len(text)
        self.shown.append(Shown(line=line, kind=kind, text=text[: max(0, left)]))
        if len(text) > left:
            raise OutputLimitReached

    def looped(self, rounds: Any, count: int, _line: int) -> None:
        """Take up that a loop over a range begins."""
        if self._loop is None or self._loop[0].__length_hint__() == 0:
            self._loop = (rounds, count)

    def progress(self, frame: Any) -> ProgramProgress:
        """How far it is, with what it has shown since the last time; `frame` is where it was interrupted."""
        shown, self._told = self.shown[self._told :], len(self.shown)
        rounds = self._loop and self._loop[1]
        at = self._loop and self._loop[1] - self._loop[0].__length_hint__()
        return ProgramProgress(line=line_of(frame, PROGRAM_FILE), round=at, rounds=rounds, shown=shown)


@confined()
@checked_kernels()
def run_program(
    source: str, *, rate_factor: float = 1.0, begin: Callable[[Running], None] | None = None
) -> ProgramReport:
    """Run the program to its end, whatever that is, and tell what happened.

    It runs in this thread, with torch's global state: whoever has other things to do in this process lends it
    that (see `torch_state.borrowed`). `begin` is told before its first line. Each learning rate is multiplied
    by `rate_factor`.
    """
    running = Running()
    if begin is not None:
        begin(running)
    observation = Observation(PROGRAM_FILE, rate_factor)
    scope = program_scope(running.show, running.looped)
    error: ProgramError | None = None
    line: int | None = None
    started = time.process_time()
    try:
        code = compile_program(source)
        with observation.watching():
            exec(code, scope)
    except ProgramRefused as refused:
        error, line = ProgramError(text=refused.sentence), refused.line
    except OutputLimitReached:
        sentence = f"The program was stopped: it showed more than {MAX_OUTPUT_CHARACTERS:,} characters."
        error = ProgramError(text=sentence)
    except BaseException as raised:  # a stranger's program may raise anything, and that is its end
        error, line = _told_error(raised)
    running.ended = True
    seconds = time.process_time() - started
    scope = {name: each for name, each in scope.items() if not name.startswith("_")}
    losses = _kept_losses(scope) or observation.losses
    return ProgramReport(
        shown=running.shown,
        error=error,
        line=line,
        losses=[number(loss) for loss in losses.kept],
        loss_every=losses.every,
        seconds=seconds,
        events=observation.events,
        last_loss=number(observation.last_loss),
        reached=_reached(scope, observation.reached()),
        backwards=observation.counts["backward"],
        steps=observation.counts["step"],
        resets=observation.counts["reset"],
        tensors=_tensors(scope),
        networks=_networks(scope),
        optimizers=observation.optimizers(),
    )


def _told_error(raised: BaseException) -> tuple[ProgramError, int | None]:
    text = traceback.format_exception_only(raised)[-1].strip()[:2000]
    text = text.encode(errors="replace").decode()  # it is to be sent, which half a character cannot be
    if isinstance(raised, SyntaxError):
        return ProgramError(text=text, meaning=meaning(type(raised).__name__, str(raised.msg))), raised.lineno
    frames = [each for each in traceback.extract_tb(raised.__traceback__) if each.filename == PROGRAM_FILE]
    line = frames[-1].lineno if frames else None
    kind, _, message = text.partition(": ")
    return ProgramError(text=text, meaning=meaning(kind.rpartition(".")[2], message)), line


def _kept_losses(scope: dict[str, Any]) -> Losses | None:
    """The numbers of a list of losses, if the program has kept one."""
    for word in LOSS_NAMES:
        for name, value in scope.items():
            if word in name.lower() and isinstance(value, list | tuple) and len(value) > 1:
                losses = Losses()
                for each in value:
                    found = number(each) if isinstance(each, int | float | Tensor) else None
                    losses.add(float("nan") if found is None else found)
                return losses
    return None


def _tensors(scope: dict[str, Any]) -> list[ToldTensor]:
    return [_told_tensor(name, value) for name, value in _named(scope)[:MAX_TOLD]]


def _named(scope: dict[str, Any]) -> list[tuple[str, Tensor]]:
    """The tensors that have a name of their own, or in a list."""
    found: list[tuple[str, Tensor]] = []
    for name, value in scope.items():
        if isinstance(value, Tensor):
            found.append((name, value))
        elif isinstance(value, list | tuple):
            numbered = enumerate(value[:MAX_TOLD])
            found += [(f"{name}[{at}]", each) for at, each in numbered if isinstance(each, Tensor)]
    return found


def _reached(scope: dict[str, Any], tensors: list[Tensor]) -> list[ToldTensor]:
    names = {id(value): name for name, value in _named(scope)}
    return [_told_tensor(names.get(id(each), ""), each) for each in tensors[:MAX_TOLD]]


def _told_tensor(name: str, tensor: Tensor) -> ToldTensor:
    values = None
    if tensor.numel() <= MAX_TOLD_NUMBERS and not tensor.is_meta:
        values = [number(each) for each in tensor.detach().flatten().tolist()]
    return ToldTensor(
        name=name,
        shape=tuple(tensor.shape),
        values=values,
        dtype=str(tensor.dtype).removeprefix("torch."),
        requires_grad=tensor.requires_grad,
        leaf=tensor.is_leaf,
    )


def _networks(scope: dict[str, Any]) -> list[ToldNetwork]:
    named = {id(value): (name, value) for name, value in scope.items() if isinstance(value, nn.Module)}
    return [_told_network(name, value) for name, value in list(named.values())[:MAX_TOLD]]


def _told_network(name: str, network: nn.Module) -> ToldNetwork:
    told = ToldNetwork(name=name, kind=type(network).__name__, parameters=_count(network))
    chain = chain_of(network)
    if chain is not None:
        weights: list[list[float | None]] = []
        for layer in chain.layers:
            bias = torch.zeros(layer.out_features) if layer.bias is None else layer.bias
            weights += [[number(each) for each in part.flatten().tolist()] for part in (layer.weight, bias)]
        widths = chain.widths
        shape = {"inputs": widths[0], "outputs": widths[-1], "widths": widths, "weights": weights}
        told = told.model_copy(update={**shape, "activation": chain.activation})
    answer = _answer(network)
    if answer is not None:
        told = told.model_copy(update={"inputs": 3, "outputs": len(answer), "answer": answer})
    return told


def _count(network: nn.Module) -> int:
    try:
        return sum(each.numel() for each in network.parameters())
    except Exception:  # its class may have no beginning, or parameters of its own
        return 0


def _answer(network: nn.Module) -> list[float | None] | None:
    """What the network answers [1., 2., 3.], alone or as the one row of a batch; None if it takes neither."""
    vector = torch.tensor([1.0, 2.0, 3.0])
    for given in (vector, vector[None]):
        try:
            with torch.no_grad():
                answer = network(given)
                return [number(each) for each in answer.flatten().tolist()[:MAX_TOLD_NUMBERS]]
        except Exception:  # whatever a stranger's forward raises
            continue
    return None
