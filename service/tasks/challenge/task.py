"""Challenge: [a, b, c] -> [a, b, c, c+1, c+2], for every integer vector.

The exercise: generate examples, train on them one after another, and end with a network that is right
for vectors it has never seen. One hidden layer of 2 cannot do it, however long it trains: everything
would have to pass through two numbers, and three are needed. A layer of 3 or more can.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

import datasets
from datasets import integers
from service.data import uploads
from service.engines.base import Examples
from service.errors import one_of
from service.records import DataConfig
from service.tasks.base import Source, largest
from service.tasks.challenge import source
from service.tasks.challenge.analysis import ChallengeAnalysis
from service.tasks.network import NetworkOptions, NetworkTask


class Challenge(NetworkTask):
    """The challenge task."""

    name = "challenge"
    title = "A network that knows the rule for every vector"
    options = NetworkOptions
    training = {"learning_rate": 1e-3, "steps": 20_000}
    chooses_data = True
    compiled_first = (
        ({"hidden": [3]}, 1),
        ({"hidden": []}, 1),
        ({"hidden": [8]}, 1),
        ({"hidden": [8]}, 32),
    )
    analysis = ChallengeAnalysis()

    def examples(self, options: Any, data: DataConfig, upload: bytes | None = None) -> Examples:
        """The named set, or generated integer vectors. Raises InvalidInput for an unknown name."""
        if data.dataset is None:
            inputs, targets = integers.generate(data.examples, data.low, data.high, data.data_seed)
        elif upload is not None:
            inputs, targets = uploads.load(upload, data.dataset)
        else:
            inputs, targets = datasets.load(one_of("dataset", data.dataset, datasets.names()))
        return Examples(torch.tensor(inputs).float(), torch.tensor(targets).float())

    def expected(self, options: Any, vectors: Sequence[Sequence[float]]) -> list[list[float] | None]:
        """The rule's answer, whether the vector's numbers are integers or not."""
        return integers.answer(np.array(vectors)).tolist()

    def source(self, options: Any, seed: int) -> Source:
        """The examples drawn or written out, and one or a batch of them in each step."""

        def data(chosen: DataConfig, upload: bytes | None) -> str:
            if chosen.dataset is None:
                return source.drawn(chosen)
            return source.written_out(self.examples(options, chosen, upload))

        return Source(
            setup=self.setup_source(options, seed),
            parameters="my_network.parameters()",
            data=data,
            loss=source.loss,
            result=source.mean_loss_of("inputs", "targets"),
            weights="my_network.state_dict()",
            held_out_result=source.mean_loss_of("held_out_inputs", "held_out_targets"),
            trial=source.TRIAL,
        )

    def too_large(self, _module: Any, examples: Examples) -> str:
        """The examples."""
        size = max(largest(examples.inputs), largest(examples.targets))
        return f"The numbers of the data set reach {size:.3g}, and float32 cannot hold such numbers squared."
