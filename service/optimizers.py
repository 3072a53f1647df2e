"""The optimizers a run may use: one table, each with its own settings and no others.

The settings carry torch's names and defaults (https://docs.pytorch.org/docs/stable/optim.html).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import torch
from pydantic import Field

from service.errors import InvalidInput, one_of
from service.records import Real, Record

Fraction = Annotated[Real, Field(ge=0, lt=1, description="a number from 0 up to, but not including, 1")]
Eps = Annotated[Real, Field(gt=0, le=1, description="a number above 0 and at most 1")]
Decay = Annotated[Real, Field(ge=0, le=1000, description="a number from 0 to 1000")]
# 1.0 is allowed on purpose: it is what never resetting the gradients amounts to.
Momentum = Annotated[Real, Field(ge=0, le=1, description="a number from 0 to 1")]


class SGDSettings(Record):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html"""

    momentum: Momentum = 0.0
    nesterov: bool = Field(default=False, strict=True, description="true or false")
    weight_decay: Decay = 0.0

    def model_post_init(self, _context: object) -> None:
        """Refuse what torch refuses: Nesterov's step looks ahead along a momentum."""
        if self.nesterov and self.momentum == 0:
            raise InvalidInput("nesterov", True, "false while momentum is 0")


class AdamSettings(Record):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html"""

    betas: tuple[Fraction, Fraction] = Field(
        default=(0.9, 0.999), description="two numbers from 0 up to, but not including, 1"
    )
    eps: Eps = 1e-8
    weight_decay: Decay = 0.0


class AdamWSettings(AdamSettings):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html"""

    weight_decay: Decay = 0.01


class RMSpropSettings(Record):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html"""

    alpha: Fraction = 0.99
    eps: Eps = 1e-8
    momentum: Momentum = 0.0
    weight_decay: Decay = 0.0


class AdagradSettings(Record):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html"""

    lr_decay: Decay = 0.0
    eps: Eps = 1e-10
    weight_decay: Decay = 0.0


class NAdamSettings(AdamSettings):
    """https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html"""

    momentum_decay: Decay = 4e-3


@dataclass(frozen=True)
class OptimizerKind:
    """A torch optimizer and the record of its settings."""

    title: str
    torch_class: type[torch.optim.Optimizer]
    settings: type[Record]


OPTIMIZERS: dict[str, OptimizerKind] = {
    "sgd": OptimizerKind("SGD", torch.optim.SGD, SGDSettings),
    "adam": OptimizerKind("Adam", torch.optim.Adam, AdamSettings),
    "adamw": OptimizerKind("AdamW", torch.optim.AdamW, AdamWSettings),
    "nadam": OptimizerKind("NAdam", torch.optim.NAdam, NAdamSettings),
    "rmsprop": OptimizerKind("RMSprop", torch.optim.RMSprop, RMSpropSettings),
    "adagrad": OptimizerKind("Adagrad", torch.optim.Adagrad, AdagradSettings),
}


def complete_settings(optimizer: str, settings: dict[str, Any]) -> dict[str, Any]:
    """The given settings, checked, with that optimizer's defaults for the rest.

    Raises InvalidInput for an unknown optimizer, another optimizer's setting, or a bad value.
    """
    kind = OPTIMIZERS[one_of("optimizer", optimizer, OPTIMIZERS)]
    return kind.settings.parse(settings, owner=f"the optimizer {optimizer}").model_dump()


def build_optimizer(
    optimizer: str,
    parameters: Iterable[torch.nn.Parameter],
    learning_rate: float,
    settings: dict[str, Any],
) -> torch.optim.Optimizer:
    """A fresh torch optimizer over `parameters`, from settings that `complete_settings` returned."""
    return OPTIMIZERS[optimizer].torch_class(parameters, lr=learning_rate, **settings)  # pyright: ignore[reportCallIssue]
