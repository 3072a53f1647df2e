"""From an endpoint's function to what is published of it: flat, typed and described parameters.

What is said of a parameter stands beside its type, in `Annotated`. Those of models and trainings are not
written down in an endpoint at all: a Group stands for them, and the service says what is in it.
"""

import inspect
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

from service import Argument, TrainingService

ModelId = Annotated[str, "the id of a model, 32 hexadecimal digits"]

POSITIONS = (
    "model_id", "task", "learning_rates", "hidden", "seeds", "activation", "seed", "start", "target",
    "learning_rate", "steps", "optimizer", "momentum", "engine", "batch_size", "order", "dataset", "examples",
    "low", "high", "data_seed", "key", "settings", "held_out",
)  # fmt: skip
"""The order that calls by position rely on. What is not in it comes after."""


class Group(str):
    """The name that `Catalog.arguments` has for several arguments. It marks a dict of them."""


def published(function: Callable[..., Any], service: TrainingService) -> Callable[..., Any]:
    """The endpoint as Gradio has to find it: `function` of the service, with flat parameters.

    Gradio takes the schemas of clients and tools from its signature and annotations, the name of a tool from
    its own, and what is said of a parameter from the `Args:` of its docstring, a line each.
    """
    _, *own = inspect.signature(function).parameters.values()
    groups: dict[str, dict[str, Argument]] = {}
    flat: list[inspect.Parameter] = []
    words: dict[str, str] = {}
    for parameter in own:
        (note,) = getattr(parameter.annotation, "__metadata__", (None,))
        if isinstance(note, Group):
            groups[parameter.name] = arguments = service.catalog.arguments()[note]
            for name, each in arguments.items():
                flat.append(parameter.replace(name=name, annotation=each.type, default=each.default))
                words[name] = f"{each.title}: {each.allowed}"
        else:
            flat.append(parameter)
            words |= {parameter.name: note} if note else {}
    flat.sort(key=lambda each: POSITIONS.index(each.name) if each.name in POSITIONS else len(POSITIONS))
    signature = inspect.signature(function).replace(parameters=flat)

    def read(*args: Any, **kwargs: Any) -> dict[str, Any]:
        given = signature.bind(*args, **kwargs).arguments
        for name, arguments in groups.items():
            given[name] = {each: given.pop(each) for each in arguments if each in given}
        return given

    async def answer(*args: Any, **kwargs: Any) -> Any:
        return await function(service, **read(*args, **kwargs))

    async def stream(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
        async for each in function(service, **read(*args, **kwargs)):
            yield each

    endpoint: Any = stream if inspect.isasyncgenfunction(function) else answer
    endpoint.__name__ = function.__name__
    endpoint.__signature__ = signature
    endpoint.__annotations__ = {each.name: each.annotation for each in flat}
    lines = [f"    {name}: {text[0].upper()}{text[1:]}." for name, text in words.items()]
    endpoint.__doc__ = "\n".join([inspect.getdoc(function) or "", "", "Args:", *lines])
    return endpoint
