"""The calls that do what a bench shows: as Python for gradio_client, as curl, and for agents.

Pure functions from what is called for to text. Each text runs as it stands, against the lab at ADDRESS.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service import Catalog, Job, Snapshot, TaskInfo, TrainingConfig

ADDRESS = "http://127.0.0.1:7860"
"""What stands for the page's own address, which the browser knows (static/calls.js)."""
MAX_COLUMNS = 88
"""Characters of a line, before a call is broken into several."""
MAX_TRAININGS = 20
"""That are told one by one."""
VECTOR = [1, 2, 3, 4, 5]
"""As many of these as a task has inputs make the vector that is asked about."""


@dataclass(frozen=True)
class Called:
    """What is called for: a model, and its trainings one after another."""

    task: TaskInfo
    model: Mapping[str, Any]
    """The arguments of /create_model."""
    trainings: Sequence[Mapping[str, Any]]
    """Those of /train."""
    certifiable: bool
    """Whether something can be proved of the model."""
    model_id: str | None = None
    """The model that is shown, if one is."""
    repeatable: bool = True
    """Whether calls can make it again."""


@dataclass(frozen=True)
class Snippet:
    """A text to copy, and in words what it does."""

    name: str
    title: str
    client: str
    """What it is for: Python, curl or MCP."""
    code: str
    words: str


Asked = tuple[Mapping[str, Any], int, TrainingConfig]
"""The options of a model, its seed, and how it is to be trained."""


def called_for(catalog: Catalog, task: str, asked: Asked, snapshot: Snapshot | None = None) -> Called:
    """What makes the model again that is shown; what has not been made or trained yet is as `asked`."""
    info = next(each for each in catalog.tasks() if each.name == task)
    certifiable = task in catalog.certifiable()
    options, seed, config = asked
    to_come = [_training(catalog, config, config.steps)]
    if snapshot is None:
        return Called(info, {"task": task, **options, "seed": seed}, to_come, certifiable)
    model = snapshot.model
    trainings = [
        _training(catalog, job.config, _steps(job))
        for job in snapshot.jobs
        if not (job.status.ended and _steps(job) == 0)
    ]
    return Called(
        info,
        {"task": task, **model.options, "seed": model.seed},
        trainings or to_come,
        certifiable,
        model.id,
        model.program is None and len(trainings) <= MAX_TRAININGS,
    )


def _training(catalog: Catalog, config: TrainingConfig, steps: int) -> dict[str, Any]:
    """The arguments of a training with this config, of so many steps; defaults are left out."""
    told = config.model_dump(mode="json", exclude_defaults=True)
    usual = catalog.optimizers()[config.optimizer].settings
    settings = {name: value for name, value in config.settings.items() if value != usual.get(name)}
    first = {"learning_rate": config.learning_rate, "steps": steps}
    rest = {name: value for name, value in told.items() if name not in (*first, "settings", "engine")}
    if settings:
        rest["settings"] = settings
    if config.engine != next(iter(catalog.engines())):
        rest["engine"] = config.engine
    return first | rest


def _steps(job: Job) -> int:
    return (job.step if job.status.ended else job.target_step) - job.start_step


def snippets(called: Called) -> list[Snippet]:
    """What there is to copy, the most usual first."""
    made = [_train(called), _watch(called), _sweep(called), _curl(called)] if called.repeatable else []
    asked = [_ask(called)] if called.model_id else []
    return [*made[:1], *asked, *made[1:], _agents()]


BEGINNING = f'from gradio_client import Client\n\nlab = Client("{ADDRESS}")\n'


def _train(called: Called) -> Snippet:
    lines = [BEGINNING, _create(called), *_trained(called.trainings), "", *_answers(called, 'model["id"]')]
    as_what = "as the one on the bench" if called.model_id else "as the bench is set"
    words = f"A new model, made and trained {as_what}."
    return Snippet("train", "Train it", "Python", "\n".join(lines), words)


def _watch(called: Called) -> Snippet:
    *before, last = called.trainings
    lines = [
        BEGINNING,
        _create(called),
        *_trained(before),
        "job = " + _python(['model["id"]'], last, "/submit"),
        'for update in lab.submit(job["id"], api_name="/watch"):',
        '    print(update["status"], update["step"], update["loss"])',
    ]
    return Snippet("watch", "Watch it train", "Python", "\n".join(lines), "Each update comes as it happens.")


def _trained(trainings: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for each in trainings:
        yield "job = " + _python(['model["id"]'], each, "/train")
        yield 'print(job["status"], job["step"], job["loss"])'


def _ask(called: Called) -> Snippet:
    lines = [BEGINNING, f"model_id = {_literal(called.model_id)}", *_answers(called, "model_id")]
    words = "This page's own model: whoever has its id can use it."
    return Snippet("ask", "Ask the model on the bench", "Python", "\n".join(lines), words)


def _sweep(called: Called) -> Snippet:
    last, seed = called.trainings[-1], called.model["seed"]
    rate = last["learning_rate"]
    given: dict[str, Any] = {"task": called.task.name}
    given["learning_rates"] = [rate / 2, rate] if rate * 2 > 1000 else [rate / 2, rate, rate * 2]
    given |= {name: value for name, value in called.model.items() if name not in ("task", "seed", "hidden")}
    if "hidden" in called.model:
        given["hidden"] = [called.model["hidden"]]
    given["seeds"] = [seed, seed + 1 if seed == 0 else seed - 1]
    given |= {name: value for name, value in last.items() if name != "learning_rate"}
    lines = [
        BEGINNING,
        "runs = " + _python([], given, "/sweep"),
        "for run in runs:",
        '    print(run["learning_rate"], run["seed"], run["status"], run["loss"], run["radius"])',
    ]
    words = "New models, at learning rates and seeds beside these."
    return Snippet("sweep", "Sweep around it", "Python", "\n".join(lines), words)


def _curl(called: Called) -> Snippet:
    code = f"""\
lab={ADDRESS}/gradio_api/call/v2
call() {{
  event=$(curl -s $lab/$1 -H 'Content-Type: application/json' -d "$2" | cut -d'"' -f4)
  curl -sN $lab/$1/$event
}}
model=$(call create_model '{_json(called.model)}' | grep -o '[0-9a-f]\\{{32\\}}' | head -1)
"""
    for each in called.trainings:
        body = _json({"model_id": "$model", **each}).replace("$model", "'$model'")
        code += f"call train '{body}'\n"
    words = "A call is posted by its name, and answered with an event id, at which its results are read."
    return Snippet("curl", "Train it", "curl", code, words)


def _agents() -> Snippet:
    server = {"mcpServers": {"backprop-lab": {"url": f"{ADDRESS}/gradio_api/mcp/"}}}
    words = "For an agent's settings: the same calls are tools of this MCP server."
    return Snippet("agents", "Give it to an agent", "MCP", json.dumps(server, indent=2), words)


def _create(called: Called) -> str:
    return "model = " + _python([], called.model, "/create_model")


def _answers(called: Called, model_id: str) -> list[str]:
    """Lines that print what the model has learned."""
    lines = [f'print(lab.predict({model_id}, api_name="/parameters"))']
    if called.task.inputs:
        vectors = [VECTOR[: called.task.inputs]]
        lines = [
            f'answer = lab.predict({model_id}, {vectors}, api_name="/predict")',
            'print(answer["rounded"])',
        ]
    if called.certifiable:
        lines.append(f'print(lab.predict({model_id}, api_name="/certify")["sentence"])')
    return lines


def _python(positional: Sequence[str], named: Mapping[str, Any], api_name: str) -> str:
    """A call of the client's, in as few lines as it fits into."""
    arguments = [*positional, *(f"{name}={_literal(value)}" for name, value in named.items())]
    arguments.append(f'api_name="{api_name}"')
    inside = ", ".join(arguments)
    if len(inside) <= MAX_COLUMNS - len("model = lab.predict()"):
        return f"lab.predict({inside})"
    if len(inside) <= MAX_COLUMNS - len("    "):
        return f"lab.predict(\n    {inside}\n)"
    return "lab.predict(\n" + "".join(f"    {each},\n" for each in arguments) + ")"


def _literal(value: Any) -> str:
    """The value as Python has it, with the quotes of a program that is formatted."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{_literal(key)}: {_literal(each)}' for key, each in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    return repr(value)


def _json(value: Mapping[str, Any]) -> str:
    """The value as JSON that may stand between the shell's single quotes."""
    return json.dumps(value).replace("'", "\\u0027")
