"""The Challenge, and what can be proved of a network that was trained for it."""

from service.tasks.challenge.task import Challenge

__all__ = ["Challenge"]
