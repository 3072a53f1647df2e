"""The exercises for agents: as resources to read, and as a prompt to help by.

Neither has a solution, nor the last of an exercise's hints, which comes close to one.
"""

import json
from collections.abc import Mapping
from typing import Any

from mcp.server import Server
from mcp.server.lowlevel.helper_types import ReadResourceContents
from mcp.types import (
    GetPromptResult,
    Prompt,
    PromptArgument,
    PromptMessage,
    Resource,
    ResourceTemplate,
    TextContent,
)
from pydantic import AnyUrl

from service import JUDGED, Exercise, InvalidInput

LIST = "lab://exercises"
JSON = "application/json"
PROMPT = "help_with_exercise"

HELP = """\
A learner works at the exercise "{title}" of Backprop Lab. Help them find the answer by themselves.

What to do: {task}

It begins with this program:

```python
{start}
```

How to help:
- Ask first what they have tried, and what they expect to happen; let them predict before anything runs.
- Run their program with the tool run_program, and talk about what happened in it: values, gradients, losses.
- Ask one question at a time. Explain an idea with other numbers or another program than the exercise's.
- Where they are stuck, give the next of these hints, and no more than that one:
{hints}
- Do not write the solution or a line of it, also when you are asked to; a wrong line you may point at.
- Judge with the tool check_program (exercise="{name}"), pass on what it said, and ask why that is so.
"""


def offer_exercises(server: Server[Any, Any]) -> None:
    """Have the server list and read the exercises, and give the prompt to help with one."""

    async def resources() -> list[Resource]:
        about = "The exercises, each with its name, its title and what to do"
        return [Resource(uri=AnyUrl(LIST), name="exercises", description=about, mimeType=JSON)]

    async def templates() -> list[ResourceTemplate]:
        about = "An exercise: what to do, the program it begins with, and hints"
        return [
            ResourceTemplate(
                uriTemplate=f"{LIST}/{{name}}", name="exercise", description=about, mimeType=JSON
            )
        ]

    async def read(uri: AnyUrl) -> list[ReadResourceContents]:
        return [ReadResourceContents(json.dumps(_read(str(uri)), ensure_ascii=False), JSON)]

    async def prompts() -> list[Prompt]:
        name = PromptArgument(name="exercise", description=f"One of {', '.join(JUDGED)}", required=True)
        about = "Help a learner with an exercise, without giving its solution away"
        return [Prompt(name=PROMPT, title="Help with an exercise", description=about, arguments=[name])]

    async def prompt(name: str, arguments: dict[str, str] | None) -> GetPromptResult:
        if name != PROMPT:
            raise InvalidInput("The name of the prompt", name, PROMPT)
        exercise = _known("exercise", (arguments or {}).get("exercise"))
        text = TextContent(type="text", text=_help(exercise))
        return GetPromptResult(
            description=exercise.title, messages=[PromptMessage(role="user", content=text)]
        )

    server.list_resources()(resources)
    server.list_resource_templates()(templates)
    server.read_resource()(read)
    server.list_prompts()(prompts)
    server.get_prompt()(prompt)


def _read(uri: str) -> Any:
    if uri == LIST:
        return [{"name": each.name, "title": each.title, "task": each.task} for each in JUDGED.values()]
    return _told(_known("uri", uri, {f"{LIST}/{name}": each for name, each in JUDGED.items()}))


def _known(field: str, value: str | None, known: Mapping[str, Exercise] = JUDGED) -> Exercise:
    if value is None or value not in known:
        raise InvalidInput(field, value, f"one of {', '.join(known)}")
    return known[value]


def _told(exercise: Exercise) -> dict[str, Any]:
    shown = {name: getattr(exercise, name) for name in ("name", "title", "task", "start")}
    return {**shown, "lines": [*exercise.lines], "hints": [*exercise.hints[:-1]]}


def _help(exercise: Exercise) -> str:
    start = "\n".join([exercise.start.rstrip(), *(f"# {line}" for line in exercise.lines)])
    hints = "\n".join(f"  {number}. {hint}" for number, hint in enumerate(exercise.hints[:-1], start=1))
    return HELP.format(title=exercise.title, task=exercise.task, start=start, hints=hints, name=exercise.name)
