"""A loss has to be one number."""

from service import FiveLosses, five_losses
from ui.questions.question import Question, computed

SUMMED = "adds the five up"
EACH = "leaves five gradients for each weight"
ERROR = "raises an error"


def _of_five(found: FiveLosses) -> str:
    if found.error:
        return ERROR
    return SUMMED if found.of_five == found.of_sum else EACH


LOSSES = Question(
    "losses",
    "five losses at once",
    "my_network answers with 5 numbers, so loss = (my_network(my_input) - my_desired_output) ** 2 is 5 "
    "numbers. What does loss.backward() do?",
    {
        SUMMED: lambda found: (
            f"Many think Backprop adds the losses up by itself, but it stops: `{found.error}`. With "
            f"`torch.sum` around them, the five gradients of the last biases are `{found.of_sum}`."
        ),
        EACH: lambda found: (
            "Many think each loss leaves its own gradient, but a weight has one `.grad`, for it can only "
            "go one way. With the losses in a `torch.sum`, each of the last 5 biases has one number: "
            f"`{found.of_sum}`. Without: `{found.error}`."
        ),
        ERROR: lambda found: (
            f"`{found.error}`: of five numbers, Backprop cannot know which is to fall. With "
            f"`torch.sum` it can, and the gradients of the last biases are `{found.of_sum}`."
        ),
    },
    computed(five_losses),
    _of_five,
)
