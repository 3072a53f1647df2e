"""What can be said of a network for the challenge; see `tasks.base.Analysis`."""

from typing import Any

from service.tasks.base import Floats
from service.tasks.challenge.bottleneck import bottleneck, floor
from service.tasks.challenge.distance import distances
from service.tasks.challenge.proof import certify


class ChallengeAnalysis:
    """The certificate, the distances and the bottleneck."""

    certify = staticmethod(certify)
    distances = staticmethod(distances)
    bottleneck = staticmethod(bottleneck)

    @staticmethod
    def floor(options: Any, inputs: Floats, targets: Floats) -> float | None:
        """See `bottleneck.floor`."""
        return floor(options.hidden, options.activation, inputs, targets)
