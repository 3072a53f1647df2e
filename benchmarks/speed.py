"""The speed of the training loop: microseconds per step, beside the lab's loop and other libraries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

from benchmarks.peers import PEERS, check
from benchmarks.report import number, table
from benchmarks.rows import MEMORIZE, ROWS, Row
from benchmarks.timing import rounds

ROUNDS = 5
STEPS = {
    "lab's loop": 20_000,
    "autograd engine": 20_000,
    "torch.compile": 2_000,
    "skorch": 2_000,
    "Lightning": 1_000,
    "micrograd": 100,
}
"""How many steps a slow column makes in a round; the fast ones make as many as the row says."""
LOOPS = ("compiled engine", "C loop", "Warp", "JAX", "page, fused", "page, exact")
"""The columns without Python in a step, which a table of their own tells in nanoseconds."""
MICROS = [column for column in PEERS if column in STEPS or column in ("compiled engine", "JAX")]
NOT_INSTALLED = "not installed"


def _steps(column: str, row: Row) -> int:
    return STEPS.get(column, row.steps)


@dataclass
class Measured:
    """A row of the table: for each column the microseconds per step of every round."""

    row: Row
    cells: dict[str, list[float]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    """Why a column has no cell, where it should have one."""

    def micros(self, column: str) -> float | None:
        """The median, if there is a cell."""
        return median(self.cells[column]) if column in self.cells else None

    def told(self, column: str) -> str:
        """The median as a table tells it, or why there is none."""
        if self.notes.get(column) == NOT_INSTALLED:
            return NOT_INSTALLED
        return _cell(self.micros(column))

    def ratio(self, slow: str, fast: str) -> float | None:
        """How many times as fast `fast` is: the median over the rounds."""
        if slow not in self.cells or fast not in self.cells:
            return None
        pairs = zip(self.cells[slow], self.cells[fast], strict=True)
        return median(theirs / ours for theirs, ours in pairs)


def measure(row: Row) -> Measured:
    """Train the row in every column, all columns in each round."""
    measured = Measured(row)
    actions: dict[str, Callable[[], object]] = {}
    for column, ways in PEERS.items():
        for way, peer in enumerate(ways):
            try:
                action = peer(row, _steps(column, row))
            except (FileNotFoundError, ModuleNotFoundError):
                measured.notes[column] = NOT_INSTALLED
                continue
            except Exception as error:  # one library that fails here leaves the others comparable
                measured.notes[column] = str(error).strip().partition("\n")[0] or type(error).__name__
                continue
            if action is not None:
                actions[f"{column}/{way}"] = action
    for name, times in rounds(ROUNDS, actions).items():
        column = name.rpartition("/")[0]
        cell = [time / _steps(column, row) * 1e6 for time in times]
        before = measured.micros(column)
        if before is None or median(cell) < before:
            measured.cells[column] = cell
    return measured


def run() -> list[Measured]:
    """All rows, each told about when it is done."""
    results: list[Measured] = []
    for row in ROWS:
        measured = measure(row)
        told = (f"{column} {measured.told(column)}" for column in PEERS)
        print(f"{row.title}, us per step: {', '.join(told)}", flush=True)
        results.append(measured)
    return results


def goals(results: list[Measured]) -> list[str]:
    """The ratios that are goals, each with what it should be."""
    first = next(measured for measured in results if measured.row is MEMORIZE)
    kinds = (
        ("compiled engine", "lab's loop", 1500, [first]),
        ("compiled engine", "C loop", 0.8, [first]),
        ("compiled engine", "JAX", 1, results),
        ("autograd engine", "lab's loop", 0.95, results),
    )
    rows: list[list[str]] = []
    for ours, theirs, goal, chosen in kinds:
        for measured in chosen:
            ratio = measured.ratio(theirs, ours)
            verdict = "-" if ratio is None else "yes" if ratio >= goal else "no"
            name = f"{ours} vs {theirs}, {measured.row.title}"
            rows.append([name, _cell(ratio), f">= {goal:,}", verdict])
    return table(["how many times as fast", "measured", "goal", "reached"], rows)


def micros(results: list[Measured]) -> list[str]:
    """Microseconds per step, and beside them how they were taken."""
    slow = ", ".join(f"{column} {steps:,}" for column, steps in STEPS.items())
    fast = ", ".join(f"{measured.row.title} {measured.row.steps:,}" for measured in results)
    return [
        *_table("us per step", MICROS, results, lambda measured, column: measured.told(column)),
        f"Medians of {ROUNDS} rounds; a round visits every column of a row, and a ratio is the median of "
        "the rounds' ratios. Plain SGD, float32 (micrograd: Python floats), one thread, batch 1 unless the "
        "row says otherwise. (3,2,5) is the memorize task; the other networks go through 1,000 examples of "
        "the challenge (batch 32: 1,024) in order, at learning rate 1e-4.",
        "",
        "The engines are timed from checkpoint to checkpoint and record the mean loss over all examples at "
        "500 steps on the way; of the other columns the page alone does. JAX is the faster of lax.scan with "
        "unroll 1 and 4, without its compilation. skorch and Lightning get the steps as one long epoch, "
        f"Lightning in its barebones mode. Steps a round: {slow}; the others: {fast}.",
    ]


def nanos(results: list[Measured]) -> list[str]:
    """Nanoseconds per step of the loops without Python in a step, and how long that is beside the engine."""

    def cell(measured: Measured, column: str) -> str:
        micros, ratio = measured.micros(column), measured.ratio(column, "compiled engine")
        if micros is None:
            return measured.told(column)
        return number(1e3 * micros) + (f" ({number(ratio)})" if ratio and column != "compiled engine" else "")

    return [
        *_table("ns per step", LOOPS, results, cell),
        "In brackets, how many times as long as the compiled engine. C loop: benchmarks/peers/loop.c, by gcc "
        "-O3 -march=native without fast-math. Warp: one launch of one thread. Both record nothing, and know "
        "networks of two linear layers. page: the engine's kernels in headless Chromium, warm, timed from "
        "outside: `fused`, and `exact` for browsers without a fused multiplication and addition. These four "
        f"are timed only if {check.STEPS:,} steps take their parameters to the lab's: no farther away than "
        f"{check.TOLERANCE} of the way that those have moved.",
    ]


def _table(
    title: str, columns: Sequence[str], results: list[Measured], cell: Callable[[Measured, str], str]
) -> list[str]:
    notes: list[str] = []
    rows: list[list[str]] = []
    for measured in results:
        cells = [cell(measured, column) for column in columns]
        for index, column in enumerate(columns):
            if measured.notes.get(column, NOT_INSTALLED) != NOT_INSTALLED:
                notes.append(f"{column}, {measured.row.title}: {measured.notes[column]}")
                cells[index] += f" ({len(notes)})"
        rows.append([f"**{measured.row.title}**", *cells])
    told = [f"- ({place}) {note}" for place, note in enumerate(notes, start=1)]
    return [*table([title, *columns], rows), "", *told, *[""] * bool(notes)]


def _cell(value: float | None) -> str:
    return "-" if value is None else number(value)
