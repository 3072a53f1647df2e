"""The exercises as an MCP client reads them: what to do, and never the solution."""

import json
from typing import Any

import pytest
from mcp.shared.exceptions import McpError
from mcp.types import TextContent, TextResourceContents
from pydantic import AnyUrl

from service import JUDGED
from tests.api.test_mcp import session_with, texts
from tests.conftest import RunningApp, run_async

NO_NUMBERS = "losses = []\nfor _ in range(3):\n    losses.append(float('nan'))\n"
SCAFFOLDING = {"import torch", "class MyNetwork(nn.Module):", "super().__init__()"}
"""Lines of solutions that are told where they are not what an exercise is about."""


async def learn(address: str) -> tuple[Any, dict[str, Any], dict[str, str], str]:
    """The list of exercises, each as it is read, how to help with each, and a refusal."""
    async with session_with(address) as session:

        async def read(uri: AnyUrl) -> Any:
            (content,) = (await session.read_resource(uri)).contents
            assert isinstance(content, TextResourceContents)
            return json.loads(content.text)

        async def helped(name: str) -> str:
            (message,) = (await session.get_prompt(prompt.name, {"exercise": name})).messages
            assert isinstance(message.content, TextContent)
            return message.content.text

        (resource,) = (await session.list_resources()).resources
        (template,) = (await session.list_resource_templates()).resourceTemplates
        (prompt,) = (await session.list_prompts()).prompts
        exercises = {name: await read(AnyUrl(template.uriTemplate.format(name=name))) for name in JUDGED}
        help_with = {name: await helped(name) for name in JUDGED}
        with pytest.raises(McpError) as refused:
            await helped("nope")
        return await read(resource.uri), exercises, help_with, str(refused.value)


@pytest.fixture(scope="module")
def learned(app: RunningApp) -> tuple[Any, dict[str, Any], dict[str, str], str]:
    """What `learn` finds."""
    return run_async(learn(app.address))


def test_the_list_says_what_to_do_in_each(learned: Any) -> None:
    listed, exercises, _, _ = learned
    told = [{name: exercises[each][name] for name in ("name", "title", "task")} for each in JUDGED]
    assert listed == told
    assert [each["task"] for each in listed] == [each.task for each in JUDGED.values()]


@pytest.mark.parametrize("name", JUDGED)
def test_no_solution_is_given_away(learned: Any, name: str) -> None:
    _, exercises, help_with, _ = learned
    told = {each: text for each, text in exercises[name].items() if each != "lines"}  # they are dealt
    dealt = {line.strip() for line in JUDGED[name].lines}
    start = JUDGED[name].start
    secret = {line.strip() for line in JUDGED[name].solution.splitlines()} - dealt - SCAFFOLDING
    for text in (json.dumps(told, ensure_ascii=False), help_with[name]):
        assert JUDGED[name].task in text or json.dumps(JUDGED[name].task, ensure_ascii=False) in text
        assert [line for line in secret if line not in start and line in text] == []
        assert JUDGED[name].hints[-1] not in text


def test_the_prompt_begins_where_the_learner_does(learned: Any) -> None:
    for name, text in learned[2].items():
        assert JUDGED[name].start.rstrip() in text
        assert f'check_program (exercise="{name}")' in text


def test_an_exercise_that_there_is_not_is_refused_in_a_sentence(learned: Any) -> None:
    assert learned[3].startswith("exercise must be one of order, gaps, ")
    assert learned[3].endswith("; got 'nope'.")


async def ran(address: str) -> list[str]:
    """The result of a program whose losses are no numbers."""
    async with session_with(address) as session:
        return texts(await session.call_tool("run_program", {"program": NO_NUMBERS}))


def test_what_is_no_number_is_null(app: RunningApp) -> None:
    (text,) = run_async(ran(app.address))
    assert json.loads(text, parse_constant=pytest.fail)["losses"] == [None, None, None]
