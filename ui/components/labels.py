"""What the page calls the arguments of the service: on their controls, in tables, and in messages."""

LABELS = {
    "seed": "Seed of the first weights",
    "hidden": "Hidden layer widths",
    "shape": "Network",
    "start": "First values",
    "dataset": "Data set",
    "examples": "Number of examples",
    "low": "Lowest entry",
    "high": "Highest entry",
    "data_seed": "Seed of the examples",
    "held_out": "Fraction held out of training",
    "lr_decay": "Learning rate decay",
    "batch_size": "Batch size (examples per step)",
}
"""What is called by other words than its name has."""


def label(argument: str) -> str:
    """The words for an argument of the service, or for a setting of an optimizer."""
    return LABELS.get(argument, argument.replace("_", " ").capitalize())
