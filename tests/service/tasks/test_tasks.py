"""The three exercises."""

from typing import Any

import pytest
import torch
from torch import Tensor, nn

from service.errors import InvalidInput
from service.networks import LatentProduct, MyNetwork
from service.records import DataConfig
from service.tasks import TASKS
from service.tasks.memorize import Memorize
from service.tasks.product import Product
from tests.conftest import message_of

PRODUCT, MEMORIZE, CHALLENGE = (TASKS[name] for name in ("product", "memorize", "challenge"))


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
class TestEveryTask:
    def test_its_examples_fit_its_module_and_its_loss(self, task: object) -> None:
        assert task in TASKS.values()
        kind = next(known for known in TASKS.values() if known is task)
        options = kind.options()
        examples = kind.examples(options, DataConfig())
        module = kind.build(options)
        loss = kind.loss(module(examples.inputs[0]), examples.targets[0])
        assert loss.shape == ()
        assert loss.requires_grad

    def test_what_it_expects_is_what_it_trains_on(self, task: object) -> None:
        kind = next(known for known in TASKS.values() if known is task)
        options = kind.options()
        examples = kind.examples(options, DataConfig(examples=5))
        expected = kind.expected(options, examples.inputs.tolist())
        assert torch.equal(torch.tensor(expected).reshape(examples.targets.shape), examples.targets)


class Sum(nn.Module):
    """Two numbers that are added."""

    def __init__(self) -> None:
        super().__init__()
        self.var_1, self.var_2 = (nn.Parameter(torch.tensor(value)) for value in (3.0, 4.0))

    def forward(self, _inputs: Tensor) -> Tensor:
        return self.var_1 + self.var_2


def test_what_was_written_for_another_loss_is_not_inherited() -> None:
    class Absolute(Memorize):
        def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
            total = torch.sum(torch.abs(outputs - targets))
            return total if outputs.dim() < 2 else total / len(outputs)

    assert MEMORIZE.kernel is not None
    assert Absolute.kernel is None
    with pytest.raises(TypeError, match="source"):
        Absolute()

    class Told(Absolute):
        source = Memorize.source

    outputs, targets = torch.zeros(2, 5), torch.full((2, 5), 3.0)
    assert Told().recorded_loss(outputs, targets) == 15
    assert MEMORIZE.recorded_loss(outputs, targets) == 45
    assert Told().graph(MyNetwork(3, 5)) is not None  # the module is the same


def test_what_was_written_for_another_module_is_not_inherited() -> None:
    class Added(Product):
        source = Product.source

        def build(self, options: Any) -> Any:
            return Sum()

    assert PRODUCT.kernel is not None
    assert Added.kernel is None
    assert PRODUCT.graph(LatentProduct()) is not None
    assert Added().graph(Added().build(None)) is None


def test_the_product_starts_at_loss_9() -> None:
    options = PRODUCT.options()
    examples = PRODUCT.examples(options, DataConfig())
    assert PRODUCT.loss(PRODUCT.build(options)(examples.inputs[0]), examples.targets[0]).item() == 9.0


def test_memorize_knows_one_vector_only() -> None:
    options = MEMORIZE.options()
    assert MEMORIZE.expected(options, [[1, 2, 3], [3, 2, 1]]) == [[1, 2, 3, 4, 5], None]


def test_the_loss_of_a_batch_is_the_mean_of_the_examples_losses() -> None:
    outputs, targets = torch.randn(4, 5), torch.randn(4, 5)
    one_by_one = torch.stack([CHALLENGE.loss(o, t) for o, t in zip(outputs, targets, strict=True)])
    torch.testing.assert_close(CHALLENGE.loss(outputs, targets), one_by_one.mean())


def test_the_challenge_trains_on_a_named_set_or_on_generated_vectors() -> None:
    options = CHALLENGE.options()
    assert len(CHALLENGE.examples(options, DataConfig(dataset="cube"))) == 27
    examples = CHALLENGE.examples(options, DataConfig(examples=50, low=-3, high=4))
    assert (len(examples), examples.inputs.min(), examples.inputs.max()) == (50, -3, 4)


@pytest.mark.parametrize(
    ("task", "options", "words"),
    [
        (
            "product",
            {"hidden": [3]},
            "hidden must be left out, for the task product takes only start, target; got [3].",
        ),
        ("product", {"start": [1]}, "start must be a list of 2 finite numbers"),
        ("product", {"start": [1, float("inf")]}, "start must be a list of 2 finite numbers"),
        ("product", {"start": [1, 1e39]}, "start must be a list of 2 finite numbers"),
        ("product", {"target": "15"}, "target must be a finite number"),
        (
            "memorize",
            {"start": [3, 4]},
            "start must be left out, for the task memorize takes only hidden, activation, target",
        ),
        ("memorize", {"target": [1, 2, 3]}, "target must be a list of 5 finite numbers"),
        ("memorize", {"hidden": [0]}, "hidden must be a list of at most 3 layer widths"),
        ("memorize", {"hidden": [65]}, "hidden must be a list of at most 3 layer widths"),
        ("challenge", {"hidden": [1, 1, 1, 1]}, "hidden must be a list of at most 3 layer widths"),
        ("challenge", {"hidden": [2.5]}, "hidden must be a list of at most 3 layer widths"),
        ("challenge", {"hidden": 3}, "hidden must be a list of at most 3 layer widths"),
        ("challenge", {"activation": "gelu"}, "activation must be one of none, relu, tanh; got 'gelu'."),
    ],
)
def test_bad_options_are_named(task: str, options: dict[str, object], words: str) -> None:
    assert message_of(
        lambda: TASKS[task].options.parse(options, f"the task {task}"), InvalidInput
    ).startswith(words)


def test_the_widest_and_the_narrowest_networks_are_allowed() -> None:
    assert MEMORIZE.options.parse({"hidden": []}).model_dump()["hidden"] == ()
    assert MEMORIZE.options.parse({"hidden": [64, 64, 64]}).model_dump()["hidden"] == (64, 64, 64)
