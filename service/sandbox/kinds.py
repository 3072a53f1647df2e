"""Classes as programs have them, where the classes themselves would make or give too much."""

from collections.abc import Callable
from types import UnionType
from typing import Any, NoReturn


class StandIn:
    """It is asked, compared and printed as the class that it stands for, and makes what it is let make."""

    __slots__ = ("make", "of")

    def __init__(self, of: type, make: Callable[..., Any] | None = None) -> None:
        self.of = of
        self.make = make or self._refuse

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise TypeError(f"a {self.of.__name__} cannot be made here")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What it is let make."""
        return self.make(*args, **kwargs)

    def __instancecheck__(self, instance: Any) -> bool:
        return isinstance(instance, self.of)

    def __subclasscheck__(self, subclass: Any) -> bool:
        return issubclass(_meant(subclass), self.of)

    def __eq__(self, other: object) -> bool:
        return self.of is _meant(other)

    def __hash__(self) -> int:
        return hash(self.of)

    def __or__(self, other: Any) -> Any:
        return self.of | _meant(other) if isinstance(other, Alternative) else NotImplemented

    def __ror__(self, other: Any) -> Any:
        return other | self.of if isinstance(other, Alternative) else NotImplemented

    def __repr__(self) -> str:
        return repr(self.of)


def _meant(value: Any) -> Any:
    return value.of if isinstance(value, StandIn) else value


Alternative = type | StandIn | UnionType | None
"""What can stand beside a class in an annotation: nothing that would be asked for a method of its own."""
