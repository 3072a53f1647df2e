"""The training service of Backprop Lab, usable without its page.

from pathlib import Path
from service import TrainingService

with TrainingService(Path("data")) as lab:
    model = lab.create_model("product", start=[3, 4], target=15)
    print(lab.train(model.id, steps=100).status)
    print(lab.snapshot(model.id).parameters)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from service.public import *


def __getattr__(name: str) -> Any:
    """A public name. They are imported when the first of them is asked for: that loads PyTorch."""
    return getattr(import_module("service.public"), name)
