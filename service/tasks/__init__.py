"""The tasks, by name. A new task is one file beside these and one line here."""

from service.tasks.base import Task
from service.tasks.challenge import Challenge
from service.tasks.memorize import Memorize
from service.tasks.product import Product

TASKS: dict[str, Task] = {task.name: task for task in (Product(), Memorize(), Challenge())}
