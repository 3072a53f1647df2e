"""A loss has to be one number."""

from dataclasses import dataclass

from service import ProgramResult, run_mistake
from ui.questions.question import Question, computed


@dataclass(frozen=True)
class Losses:
    """Backprop from five losses, and from their sum."""

    five: ProgramResult
    summed: ProgramResult


SUMMED = "adds the five up"
EACH = "leaves five gradients for each weight"
ERROR = "raises an error"


def _losses() -> Losses:
    return Losses(run_mistake("vector"), run_mistake("vector", fixed=True))


def _of_five(found: Losses) -> str:
    if found.five.error:
        return ERROR
    return SUMMED if found.five.printed == found.summed.printed else EACH


LOSSES = Question(
    "losses",
    "five losses at once",
    "my_network answers with 5 numbers, so loss = (my_network(my_input) - my_desired_output) ** 2 is 5 "
    "numbers. What does loss.backward() do?",
    {
        SUMMED: lambda found: (
            f"Many think Backprop adds the losses up by itself, but it stops: `{found.five.error}`. With "
            f"`torch.sum` around them, the five gradients of the last biases are `{found.summed.printed}`."
        ),
        EACH: lambda found: (
            "Many think each loss leaves its own gradient, but a weight has one `.grad`, for it can only "
            "go one way. With the losses in a `torch.sum`, each of the last 5 biases has one number: "
            f"`{found.summed.printed}`. Without: `{found.five.error}`."
        ),
        ERROR: lambda found: (
            f"`{found.five.error}`: of five numbers, Backprop cannot know which is to fall. With "
            f"`torch.sum` it can, and the gradients of the last biases are `{found.summed.printed}`."
        ),
    },
    computed(_losses),
    _of_five,
)
