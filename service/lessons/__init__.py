"""The lessons' own computations: each takes what a learner chose and gives records, from real PyTorch.

Pure functions, without models, jobs or a store: what is asked twice is answered the same.
"""

from service.lessons.mistakes import MISTAKES, Mistake, ProgramResult, run_mistake
from service.lessons.network import Dissection, Layer, dissect
from service.lessons.orders import ORDERS, Trajectory, downhill, never_reset, race
from service.lessons.rates import HIGHEST_RATE, LOWEST_RATE, RATE_COUNT, Outcome, Rates, Start, explore
from service.lessons.ritual import (
    ARRIVED_STEPS,
    MAX_PRESSES,
    PRESSES,
    Moment,
    Node,
    RitualOptions,
    press_through,
)
from service.lessons.sources import (
    network_output,
    network_program,
    ritual_output,
    ritual_program,
    tensor_program,
)
from service.lessons.tensors import OPERATORS, Calculation, WrittenTensor, calculate

__all__ = [
    "ARRIVED_STEPS",
    "HIGHEST_RATE",
    "LOWEST_RATE",
    "MAX_PRESSES",
    "MISTAKES",
    "OPERATORS",
    "ORDERS",
    "PRESSES",
    "RATE_COUNT",
    "Calculation",
    "Dissection",
    "Layer",
    "Mistake",
    "Moment",
    "Node",
    "Outcome",
    "ProgramResult",
    "Rates",
    "RitualOptions",
    "Start",
    "Trajectory",
    "WrittenTensor",
    "calculate",
    "dissect",
    "downhill",
    "explore",
    "network_output",
    "network_program",
    "never_reset",
    "press_through",
    "race",
    "ritual_output",
    "ritual_program",
    "run_mistake",
    "tensor_program",
]
