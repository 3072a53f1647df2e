"""Programs beside trainings: in turns, one of an owner at a time, judged, and their networks kept."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest
import torch

from service import (
    EXERCISES,
    InvalidInput,
    ProgramEnd,
    ProgramProgress,
    ServiceClosed,
    TrainingService,
    export,
    packed_recipe,
)
from service.jobs.results import NO_CHAIN
from tests.conftest import message_of, run_async
from tests.service.sandbox.conftest import ENDLESS, PRODUCT, end_of, told

RULE = """\
import torch
from torch import nn
my_network = nn.Linear(3, 5)
with torch.no_grad():
    my_network.weight.copy_(torch.tensor([[1., 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]]))
    my_network.bias.copy_(torch.tensor([0., 0, 0, 1, 2]))
"""


def test_it_waits_runs_and_ends(pool_lab: TrainingService) -> None:
    first, *_, last = told(pool_lab, PRODUCT.format(rounds=100))
    assert isinstance(first, ProgramProgress)
    assert first.waiting
    assert isinstance(last, ProgramEnd)
    assert last.report.printed.startswith("tensor(3.4505")
    assert (last.model_id, last.network, last.no_model, last.passed) == (None, None, None, None)


def test_a_network_becomes_a_model_with_its_weights(pool_lab: TrainingService) -> None:
    end = end_of(pool_lab, RULE)
    assert end.network == "my_network"
    assert end.model_id is not None
    snapshot = pool_lab.snapshot(end.model_id)
    assert snapshot.predict([[10, -20, 30]]).outputs == [[10, -20, 30, 31, 32]]
    radius = snapshot.certify().radius
    assert radius is not None
    assert radius > 1000


def test_the_weights_are_the_programs_own_to_the_bit(pool_lab: TrainingService) -> None:
    program = (
        "import torch\nfrom torch import nn\ntorch.manual_seed(1)\n"
        "net = nn.Sequential(nn.Linear(3, 8), nn.Tanh(), nn.Linear(8, 5))\n"
    )
    end = end_of(pool_lab, program)
    assert end.model_id is not None
    generator = torch.random.fork_rng(devices=[])
    with generator:
        torch.manual_seed(1)
        net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 5))
    kept = pool_lab.snapshot(end.model_id)
    assert list(kept.parameters.values()) == [each.tolist() for each in net.parameters()]
    assert kept.model.options["activation"] == "tanh"
    vector = torch.tensor([1.5, 2.5, -3.5])
    assert kept.predict([vector.tolist()]).outputs == [net(vector).tolist()]


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("from torch import nn\nnet = nn.Sequential(nn.Linear(3, 5), nn.Sigmoid())\n", NO_CHAIN),
        ("from torch import nn\nnet = nn.Linear(3, 5).double()\n", NO_CHAIN),
        ("from torch import nn\nnet = nn.Linear(3, 5)\nnet.bias.data.fill_(float('nan'))\n", "finite"),
        ("from torch import nn\nnet = nn.Sequential(nn.Linear(3, 100), nn.Linear(100, 5))\n", "1 to 64"),
    ],
)
def test_why_a_network_becomes_none_is_said(pool_lab: TrainingService, program: str, reason: str) -> None:
    end = end_of(pool_lab, program)
    assert end.model_id is None
    if end.network is not None:  # a double network takes no float32 vector, so it is not asked
        assert end.no_model is not None
        assert reason in end.no_model


def test_a_model_of_a_program_is_not_trained_here_but_can_be_taken_home(pool_lab: TrainingService) -> None:
    model_id = end_of(pool_lab, RULE).model_id
    assert model_id is not None
    refused = message_of(lambda: pool_lab.submit(model_id), InvalidInput)
    assert "came out of a program" in refused
    snapshot = pool_lab.snapshot(model_id)
    assert export(snapshot, "python").content.decode() == RULE
    for format in ("safetensors", "onnx", "csv"):
        assert export(snapshot, format).content
    assert "came out of a program" in message_of(lambda: export(snapshot, "notebook"), InvalidInput)
    assert "came out of a program" in message_of(lambda: packed_recipe(snapshot), InvalidInput)
    for again in (pool_lab.reruns.replay, pool_lab.reruns.seed_losses):
        refused = message_of(lambda again=again: run_async(again(model_id)), InvalidInput)
        assert "came out of a program" in refused
    assert "program" not in json.loads(snapshot.model.model_dump_json())


@pytest.mark.parametrize("program", [None, 3, b"print(1)", "x" * 20_001])
def test_what_is_no_program_is_refused(lab: TrainingService, program: Any) -> None:
    assert message_of(lambda: told(lab, program), InvalidInput).startswith("program must be a text")


def test_where_they_are_turned_off_they_are_refused(tmp_path: Any) -> None:
    with TrainingService(tmp_path, workers=1, program_seconds=0) as lab:
        lab.programs.start()
        assert not lab.programs.enabled
        refused = message_of(lambda: told(lab, "print(1)"), InvalidInput)
    assert refused == "program must be left out, for this server runs no programs; got 'print(1)'."


async def _until_begun(running: AsyncIterator[ProgramProgress | ProgramEnd]) -> None:
    async for each in running:
        if isinstance(each, ProgramProgress) and each.shown:
            return
    raise AssertionError("it ended before")


def test_an_owner_has_one_program_at_a_time_and_others_go_on(pool_lab: TrainingService) -> None:
    async def both() -> tuple[bool, str]:
        async with aclosing(pool_lab.programs.run(ENDLESS, owner="one")) as endless:  # pyright: ignore[reportArgumentType]
            await _until_begun(endless)
            second = pool_lab.programs.run("print(2)", owner="one")
            assert (await anext(second)) == ProgramProgress(waiting=True)
            waiting = asyncio.ensure_future(anext(second))
            others = [each async for each in pool_lab.programs.run("print(3)", owner="another")]
            assert isinstance(others[-1], ProgramEnd)
            was_waiting = not waiting.done()
        last = [await waiting, *[each async for each in second]][-1]
        assert isinstance(last, ProgramEnd)
        return was_waiting, last.report.printed

    assert run_async(both()) == (True, "2\n")


def test_a_training_goes_on_beside_programs(pool_lab: TrainingService) -> None:
    async def both() -> str:
        endless = [pool_lab.programs.run(ENDLESS, owner=owner) for owner in "abcd"]
        for each in endless:
            await _until_begun(each)
        model = pool_lab.create_model("product", owner="e")
        job = await pool_lab.ended(pool_lab.submit(model.id, steps=1000).id)
        for each in endless:
            await each.aclose()  # pyright: ignore[reportAttributeAccessIssue]
        return job.status

    assert run_async(both()) == "succeeded"


def test_who_gives_it_up_ends_it(pool_lab: TrainingService) -> None:
    async def give_up() -> None:
        for _ in range(3):
            async with aclosing(pool_lab.programs.run(ENDLESS, owner="me")) as endless:  # pyright: ignore[reportArgumentType]
                await _until_begun(endless)

    run_async(give_up())


def test_a_service_that_closes_says_so(tmp_path: Any) -> None:
    lab = TrainingService(tmp_path, workers=1)

    async def closed() -> None:
        running = lab.programs.run(ENDLESS)
        await _until_begun(running)
        await asyncio.to_thread(lab.close)
        with pytest.raises(ServiceClosed):
            async for _ in running:
                pass

    run_async(closed())


def checked(lab: TrainingService, exercise: str, program: str) -> ProgramEnd:
    async def last() -> ProgramEnd:
        end = [each async for each in lab.programs.check(exercise, program)][-1]
        assert isinstance(end, ProgramEnd)
        return end

    return run_async(last())


@pytest.mark.parametrize("name", EXERCISES)
def test_the_solution_of_each_exercise_passes(pool_lab: TrainingService, name: str) -> None:
    end = checked(pool_lab, name, EXERCISES[name].solution)
    assert end.passed, end.said
    assert end.said


def test_an_unknown_exercise_is_refused(pool_lab: TrainingService) -> None:
    assert "exercise must be one of" in message_of(lambda: checked(pool_lab, "none", "1"), InvalidInput)


def test_a_learning_rate_is_the_largest_only_if_a_larger_one_does_not_arrive(
    pool_lab: TrainingService,
) -> None:
    end = checked(pool_lab, "largest", EXERCISES["largest"].start)
    assert not end.passed
    assert end.said is not None
    assert "0.003 arrives, but so does 0.00315" in end.said


def test_the_rule_is_graded_by_the_certificate_and_not_by_a_loss(pool_lab: TrainingService) -> None:
    """A network that has learned one vector has a low loss, and does not know the rule."""
    memorized = (
        EXERCISES["memory"]
        .solution.replace("m2 = nn.Linear(2, 5)", "m2 = nn.Linear(3, 5)")
        .replace("m1 = nn.Linear(3, 2)", "m1 = nn.Linear(3, 3)")
    )
    end = checked(pool_lab, "rule", memorized)
    assert end.passed is False
    assert end.radius is None or end.radius < 10
    solved = checked(pool_lab, "rule", EXERCISES["rule"].solution)
    assert solved.passed
    assert solved.radius is not None
    assert solved.model_id is not None
    assert solved.radius == pool_lab.snapshot(solved.model_id).certify().radius


def test_its_time_is_its_owners(pool_lab: TrainingService) -> None:
    async def run_for_a_while() -> float:
        async with aclosing(pool_lab.programs.run(ENDLESS, owner="charged")) as endless:  # pyright: ignore[reportArgumentType]
            begin: float | None = None
            async for each in endless:
                assert isinstance(each, ProgramProgress)
                charged = pool_lab._scheduler._shares.served("charged")
                begin = charged if begin is None and each.line else begin
                if begin is not None and charged > begin + 0.5:
                    return charged - begin
        raise AssertionError("it ended")

    assert run_async(run_for_a_while()) > 0.5
