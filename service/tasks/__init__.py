"""The tasks, by name. A new task is one file beside these and one line here."""

from service.tasks.base import Analysis, Task
from service.tasks.challenge import Bottleneck, Certificate, Challenge, Distance
from service.tasks.memorize import Memorize
from service.tasks.product import Product, ProductOptions

__all__ = [
    "TASKS",
    "Analysis",
    "Bottleneck",
    "Certificate",
    "Distance",
    "ProductOptions",
    "Task",
]

TASKS: dict[str, Task] = {task.name: task for task in (Product(), Memorize(), Challenge())}
