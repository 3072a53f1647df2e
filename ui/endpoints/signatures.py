"""From an endpoint's function to what is published of it: flat, typed and described parameters.

What is said of a parameter stands beside its type, in `Annotated`. Those of models and trainings are not
written down in an endpoint at all: a Group stands for them, and the service says what is in it.
"""

import inspect
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, NamedTuple

from gradio.utils import get_function_description
from gradio_client.utils import json_schema_to_python_type
from pydantic import Field

from service import Argument, TrainingService, schema_of

ID = Field(pattern="^[0-9a-f]{32}$", examples=["0123456789abcdef" * 2])
ModelId = Annotated[str, "the id of a model, 32 hexadecimal digits", ID]

POSITIONS = (
    "model_id", "task", "learning_rates", "hidden", "seeds", "activation", "seed", "start", "target",
    "learning_rate", "steps", "optimizer", "momentum", "engine", "batch_size", "order", "dataset", "examples",
    "low", "high", "data_seed", "key", "settings", "held_out",
)  # fmt: skip
"""The order that calls by position rely on. What is not in it comes after."""


class Group(str):
    """The name that `Catalog.arguments` has for several arguments. It marks a dict of them."""


class Told(NamedTuple):
    """What Gradio cannot find in a signature."""

    schemas: dict[str, dict[str, Any]]
    """What is allowed of each parameter, with its default, as JSON Schema."""
    returned: str
    """What that which is returned is called."""


def published(
    function: Callable[..., Any], service: TrainingService, returned: str = "result"
) -> Callable[..., Any]:
    """The endpoint as Gradio has to find it: `function` of the service, with flat parameters.

    Gradio takes the schemas of clients and tools from its signature and annotations, the name of a tool from
    its own, and what is said of a parameter from the `Args:` of its docstring, a line each. For `tell`, the
    endpoint has in `told` what else there is to say.
    """
    _, *own = inspect.signature(function).parameters.values()
    groups: dict[str, dict[str, Argument]] = {}
    flat: list[inspect.Parameter] = []
    words: dict[str, str] = {}
    schemas: dict[str, dict[str, Any]] = {}
    for parameter in own:
        note, *_ = getattr(parameter.annotation, "__metadata__", (None,))
        if isinstance(note, Group):
            groups[parameter.name] = arguments = service.catalog.arguments()[note]
            for name, each in arguments.items():
                flat.append(parameter.replace(name=name, annotation=each.type, default=each.default))
                words[name] = f"{each.title}: {each.allowed}"
                schemas[name] = each.schema
        else:
            flat.append(parameter)
            if note:
                words[parameter.name] = note
                schemas[parameter.name] = schema_of(parameter.annotation)
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
    defaults = {each.name: {"default": each.default} for each in flat if each.default is not each.empty}
    endpoint.told = Told({name: each | defaults.get(name, {}) for name, each in schemas.items()}, returned)
    return endpoint


def tell(endpoint: Any, info: dict[str, Any]) -> None:
    """Put into `info`, which is what Gradio says of an endpoint, what it has not found."""
    told: Told = endpoint.told
    _, words, _ = get_function_description(endpoint)
    for each in info["parameters"]:
        name, schema = each["parameter_name"], told.schemas[each["parameter_name"]]
        each["label"] = name
        each["type"] = schema
        each["python_type"] = {"type": _python_type(schema), "description": words[name]}
        each["example_input"] = _example(schema)
    for each in info["returns"]:
        each["label"] = told.returned


def _python_type(schema: dict[str, Any]) -> str:
    # Where the default is null, clients add themselves that None is allowed.
    kinds = [each for each in schema.get("anyOf", [schema]) if each != {"type": "null"}]
    return " | ".join(json_schema_to_python_type(each) for each in kinds)


def _example(schema: dict[str, Any]) -> Any:
    """A value to call the endpoint with: its default, unless that only stands for another."""
    if schema.get("default") is not None:
        return schema["default"]
    for each in [schema, *schema.get("anyOf", ())]:
        for example in each.get("examples", each.get("enum", ())):
            return example
    return None
