"""docs/: every diff of adding.md applies and does what it says; the glossary's words are those in use."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from ui.components.terms import TERMS

ADDING = (ROOT / "docs/adding.md").read_text(encoding="utf-8")
DIFFS = dict(
    zip(
        re.findall(r"^## An? (\w+)$", ADDING, re.MULTILINE),
        re.findall(r"```diff\n(.*?)```", ADDING, re.DOTALL),
        strict=True,
    )
)
BEGIN = """
import tempfile
from pathlib import Path
from service import InlineExecutor, InvalidInput, TrainingService, export, training_program
lab = TrainingService(Path(tempfile.mkdtemp()), workers=1, make_executor=InlineExecutor)
"""
CHECKS = {
    "task": """
model = lab.create_model("line", slope=3)
assert lab.train(model.id).config.engine == "autograd"
assert lab.train(model.id).status == "succeeded"
now = lab.snapshot(model.id)
names = {}
exec(training_program(now), names)
assert {name: each.tolist() for name, each in names["my_line"].state_dict().items()} == now.parameters
try:
    export(now, "onnx")
except InvalidInput as refused:
    assert "the task line has no ONNX graph" in str(refused)
""",
    "optimizer": """
model = lab.create_model("memorize")
assert lab.train(model.id, optimizer="adadelta", settings={"rho": 0.8}, steps=20).status == "succeeded"
assert "torch.optim.Adadelta" in training_program(lab.snapshot(model.id))
""",
    "engine": """
ends = []
for engine in ("autograd", "anomaly"):
    model = lab.create_model("memorize")
    assert lab.train(model.id, engine=engine, steps=20).config.engine == engine
    ends.append(lab.snapshot(model.id).parameters)
assert ends[0] == ends[1]
""",
    "exercise": """
import asyncio
from service import EXERCISES
async def passed(program):
    return [each async for each in lab.programs.check("seven", program)][-1].passed
assert asyncio.run(passed(EXERCISES["seven"].solution))
assert not asyncio.run(passed(EXERCISES["seven"].start))
""",
    "chapter": """
from ui import build_ui
page = build_ui(lab)
assert "1. Scalars" in [getattr(block, "label", "") for block in page.blocks.values()]
assert any(getattr(block, "elem_id", "") == "scalars-drawing" for block in page.blocks.values())
""",
}


@pytest.mark.parametrize("name", CHECKS)
def test_what_is_added_as_adding_md_says_works(name: str, tmp_path: Path) -> None:
    for folder in ("service", "ui", "datasets"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    apply = ["git", "apply", "--whitespace=error", "-"]
    subprocess.run(apply, cwd=tmp_path, input=DIFFS[name], text=True, check=True)
    command = [sys.executable, "-c", BEGIN + CHECKS[name] + "lab.close()"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


WORDS = {
    r"\bsight\b": "visibility",
    r"\bCourse\b": "Trajectory",
    r"trained_so|trained so\b": "matches the last training",
    r"what is no (id|number|recipe|press|text)": "an invalid ...",
}
"""What is not said, and what is said instead."""
BARE = {
    "MOST",
    "LAST",
    "KEPT",
    "CLOSE",
    "COUNT",
    "ALLOWED",
    "LONGEST",
    "LARGEST",
    "FURTHEST",
    "TRIED",
    "PAUSE",
    "BUDGET",
}
"""Names of constants that do not say of what, or in which unit."""
SOURCES = sorted(path for part in ("service", "ui", "datasets") for path in (ROOT / part).rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_one_word_is_used_for_one_thing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not {word: better for word, better in WORDS.items() if re.search(word, text)}
    named = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    assert not named & BARE


def test_one_class_has_one_name() -> None:
    defined = [
        node.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert not {name for name in defined if defined.count(name) > 1}


def test_the_glossary_says_what_the_page_says() -> None:
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", glossary, re.MULTILINE)
    words = [word.casefold() for names, _ in rows for word in names.split(", ") if word != "word"]
    assert [row for row in rows if row[0] in TERMS] == list(TERMS.items())
    assert not {word for word in words if words.count(word) > 1}


@pytest.mark.parametrize("name", TERMS)
def test_every_special_word_is_explained_somewhere_on_the_page(name: str) -> None:
    uses = re.compile(rf"(?:term|about|explained|word=|WORDS = )[^\n]*[\"']{re.escape(name)}[\"']")
    assert any(
        uses.search(path.read_text(encoding="utf-8"))
        for path in (ROOT / "ui").rglob("*.py")
        if path.name != "terms.py"
    )


def columns(text: str, number: int) -> str:
    """One column of all tables of a text, counted from 1."""
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return "\n".join(row[number - 1] for row in rows)


def test_what_a_lesson_has_people_press_is_on_the_page() -> None:
    plan, answers = (ROOT / "docs/teaching.md").read_text(encoding="utf-8").split("## What wrong answers")
    named = re.findall(r"\*\*(.+?)\*\*|(?<!\*)\*([^*\n]+)\*(?!\*)", columns(plan, 3) + columns(answers, 4))
    sources = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    assert len(named) >= 20
    assert not {
        words for words in map("".join, named) if words.replace("100 rounds", " rounds") not in sources
    }
