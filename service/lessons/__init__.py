"""The lessons' own computations: each takes what a learner chose and gives records, from real PyTorch.

Pure functions, without models, jobs or a store: what is asked twice is answered the same.
"""

from service.lessons.mistakes import MISTAKES, Mistake, Run, run_mistake
from service.lessons.network import Dissection, Layer, dissect
from service.lessons.orders import ORDERS, Course, downhill, never_reset, race
from service.lessons.rates import COUNT, HIGHEST, LOWEST, Outcome, Rates, Start, explore
from service.lessons.ritual import LAST, MOST_PRESSES, PRESSES, Moment, Node, RitualOptions, replay
from service.lessons.sources import (
    network_output,
    network_program,
    ritual_output,
    ritual_program,
    tensor_program,
)
from service.lessons.tensors import OPERATORS, Calculation, Shown, calculate

__all__ = [
    "COUNT",
    "HIGHEST",
    "LAST",
    "LOWEST",
    "MISTAKES",
    "MOST_PRESSES",
    "OPERATORS",
    "ORDERS",
    "PRESSES",
    "Calculation",
    "Course",
    "Dissection",
    "Layer",
    "Mistake",
    "Moment",
    "Node",
    "Outcome",
    "Rates",
    "RitualOptions",
    "Run",
    "Shown",
    "Start",
    "calculate",
    "dissect",
    "downhill",
    "explore",
    "network_output",
    "network_program",
    "never_reset",
    "race",
    "replay",
    "ritual_output",
    "ritual_program",
    "run_mistake",
    "tensor_program",
]
