"""The lab's own code, from the lab's text: it runs as one program, and shows what the lab shows."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from service.sandbox.interpreter import run_program
from service.torch_state import borrowed

OUTPUTS = ("tensor(", "(tensor(", "None", "<", "SGD (", "Linear(", "MyNetwork(", "Parameter containing")
"""What the lab's blocks begin with that are no code, but what the code before shows."""
ROUNDS = 300
"""In place of 50,000: of what that many reach, only the form is compared."""
ADDED_SINCE = "    fused: None\n"
"""A line of torch's optimizers that the lab does not have yet."""
RENAMED_SINCE = {"ViewBackward0": "AddBackward0"}
"""What a layer does last to a vector, and what torch called it then."""


class Block(NamedTuple):
    """A block of code, and what the lab shows under it."""

    code: str
    shown: str


def lab_blocks() -> list[Block]:
    """The blocks of the lab's text, which stands beside the repository."""
    places = (folder / "shared" / "lab.md" for folder in Path(__file__).resolve().parents)
    found = next((place for place in places if place.exists()), None)
    if found is None:
        pytest.skip("There is no shared/lab.md in a folder above: the lab's text is not here.")
    blocks: list[Block] = []
    for text in re.findall(r"^```\n(.*?)\n```$", found.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        if text.startswith(OUTPUTS):
            blocks[-1] = blocks[-1]._replace(shown=text)
        else:
            blocks.append(Block(indented(text), ""))
    return blocks


def indented(code: str) -> str:
    """The code with the indentation that the text has lost: a class with methods, or a loop and one line."""
    lines = code.splitlines()
    depths: list[int] = []
    depth = 0
    for line in lines:
        depth = 1 if line.startswith("def ") else depth
        depths.append(depth)
        depth += line.endswith(":")
    if lines[0].startswith("for "):
        depths[-1] = 0
    return "".join(f"{'    ' * depth}{line}\n" for depth, line in zip(depths, lines, strict=True))


def shown_by(blocks: list[Block]) -> list[str]:
    """What each block shows when all run, one after another, as one program."""
    program = "".join(block.code.replace("50000", str(ROUNDS)) for block in blocks)
    with borrowed():
        report = run_program(program)
    assert report.error is None, report.error
    found: list[str] = []
    first = 1
    for block in blocks:
        after = first + block.code.count("\n")
        found.append("\n".join(each.text for each in report.shown if first <= each.line < after))
        first = after
    return found


def form(text: str) -> str:
    """The text without what is different each time: random numbers, and addresses."""
    return re.sub(r"-?\d+\.\d*(e[-+]\d+)?", "#", re.sub(r"0x[0-9a-f]+", "0x", text))


def as_then(text: str) -> str:
    """What torch shows today, as it showed it when the lab was written."""
    text = text.replace(ADDED_SINCE, "")
    for now, then in RENAMED_SINCE.items():
        text = text.replace(now, then)
    return text


def words(text: str) -> str:
    """The text without its spaces, some of which the lab has lost."""
    return re.sub(r"\s+", "", text)


def test_every_block_shows_what_the_lab_shows() -> None:
    blocks = lab_blocks()
    assert len(blocks) > 30
    assert sum(bool(block.shown) for block in blocks) > 25
    weights_are_random = False
    for block, shown in zip(blocks, shown_by(blocks), strict=True):
        weights_are_random |= "nn.Linear" in block.code
        drawn = weights_are_random and ("grad_fn" in block.shown or "Parameter" in block.shown)
        compared = form if drawn or "0x" in block.shown else str
        assert words(compared(as_then(shown))) == words(compared(block.shown)), block.code


def test_what_the_page_cannot_show_is_among_it() -> None:
    shown = "\n".join(shown_by(lab_blocks()))
    for text in (
        "<class 'torch.optim.sgd.SGD'>",
        "SGD (\nParameter Group 0\n",
        "Parameter containing:\ntensor([[",
        "\nLinear(in_features=3, out_features=2, bias=True)\n",
        "<generator object Module.parameters at 0x",
        "\nNone\n",
    ):
        assert text in shown
