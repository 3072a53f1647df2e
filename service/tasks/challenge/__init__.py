"""The Challenge, and what can be proved of a network that was trained for it."""

from service.tasks.challenge.bottleneck import Bottleneck
from service.tasks.challenge.distance import Distance
from service.tasks.challenge.proof import Certificate
from service.tasks.challenge.task import Challenge

__all__ = ["Bottleneck", "Certificate", "Challenge", "Distance"]
