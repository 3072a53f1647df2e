"""How what goes wrong reaches people: in one sentence, on the page and through the API alike."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, cast

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.components import Component
from gradio.data_classes import APIInfo
from gradio.utils import get_function_params

from service import InvalidInput, LabError
from ui.endpoints.signatures import tell
from ui.rate import Events, Rate
from ui.refusals import refusal
from ui.visitors import address_of

UNEXPECTED = (
    "Something went wrong on the server, which has logged it. "
    "Try again; if that does not help, reload the page or create a new model."
)

UNFIT = "values that the controls of the page can hold; load the page again"


class Page(gr.Blocks):
    """gr.Blocks in which no event and no endpoint fails without a sentence."""

    controls: Mapping[Component, str] = {}
    """The controls that an error may be about, and the arguments that they hold."""
    rate: Rate | None = None
    """Counts the calls of each address."""

    async def process_api(
        self, block_fn: BlockFunction | int, inputs: list[Any], *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Run an event or an endpoint; whatever it raises becomes a gr.Error that can be shown as it is.

        Gradio tells nobody what other exceptions say. What nobody expected is logged with its traceback.
        """
        function = self.fns[block_fn] if isinstance(block_fn, int) else block_fn
        endpoint = function.api_visibility == "public"
        try:
            self._count(kwargs.get("request"), kwargs.get("iterator"))
            if endpoint:
                _check_count(function, inputs)
            if _asked_by_mcp(kwargs.get("request")) or (endpoint and not _gives_file(function)):
                kwargs["root_path"] = None  # there is no file whose address would have to be completed
            return await super().process_api(function, inputs, *args, **kwargs)
        except LabError as error:
            held = {name: each for each, name in self.controls.items() if each in function.inputs}
            message = str(error) if endpoint else refusal(error, held)
            raise gr.Error(message, print_exception=False) from error
        except gr.Error:
            raise
        except Exception as error:
            raise gr.Error(UNEXPECTED, print_exception=True) from error

    def _count(self, request: Any, going_on: Any) -> None:
        """Count a call, but not each of the answers of a stream. Raises LimitReached."""
        if self.rate is not None and isinstance(request, gr.Request) and going_on is None:
            address = address_of(request.client)
            self.rate.count(address, cast(Events, self._queue).under_way[address])

    def create_limiter(self) -> None:
        """Leave the threads as many as they are: most of what is under way waits, and needs none."""

    async def preprocess_data(
        self, block_fn: BlockFunction, inputs: list[Any], *args: Any, **kwargs: Any
    ) -> Any:
        """What the components make of `inputs`; the page's own script sends nothing that they refuse.

        An endpoint takes what was sent: Gradio would look for files in it, number by number.
        """
        if block_fn.api_visibility == "public":
            return [*inputs]
        try:
            held = [_held(*each) for each in zip(block_fn.inputs, inputs, strict=True)]
            return await super().preprocess_data(block_fn, held, *args, **kwargs)
        except gr.Error as error:
            raise gr.Error(error.message, print_exception=False) from error
        except Exception as error:
            raise InvalidInput("data", inputs, UNFIT) from error

    async def postprocess_data(self, block_fn: BlockFunction, predictions: Any, state: Any) -> list[Any]:
        """What is sent; of an endpoint, what it returned, unless that is a file."""
        plain = isinstance(predictions, dict | list) and not isinstance(predictions, gr.FileData)
        if plain and block_fn.api_visibility == "public":
            return [predictions]
        return await super().postprocess_data(block_fn, predictions, state)

    def get_api_info(self, *args: Any, **kwargs: Any) -> APIInfo:
        """What is published, with what Gradio does not find by itself."""
        info = super().get_api_info(*args, **kwargs)
        for function in self.fns.values():
            endpoint = info["named_endpoints"].get(f"/{function.api_name}")
            if endpoint and function.api_visibility == "public":
                tell(function.fn, cast(dict[str, Any], endpoint))
        return info


def _gives_file(function: BlockFunction) -> bool:
    return inspect.signature(function.fn or _gives_file).return_annotation is gr.FileData


def _asked_by_mcp(request: Any) -> bool:
    # Gradio's MCP server is a client of its own app, and knows itself where its client sees that.
    return isinstance(request, gr.Request) and request.headers.get("x-gradio-user") == "mcp"


def _held(control: Any, value: Any) -> Any:
    """What was sent as the value of a control. Raises TypeError where no such control holds it."""
    if isinstance(control, gr.UploadButton) and value is None:
        raise TypeError("no file")
    if isinstance(control, gr.Textbox | gr.HTML | gr.Dropdown | gr.Radio | gr.Checkbox):
        if isinstance(value, dict | list):
            raise TypeError("neither a text nor a number")
        if value is None and control.value is not None and not isinstance(control, gr.Textbox | gr.HTML):
            raise TypeError("no choice, where one is always made")
        holds_text = isinstance(control, gr.Textbox | gr.HTML) and isinstance(control.value, str | None)
        return ("" if value is None else str(value)) if holds_text else value
    return value


def _check_count(function: BlockFunction, inputs: list[Any]) -> None:
    # Gradio ignores what is too much, and has no words for what is too little.
    if len(inputs) != len(function.inputs):
        names = parameters(function.fn)
        allowed = f"a list of {len(names)} values, one for each of {', '.join(names)}" if names else "[]"
        raise InvalidInput("data", inputs, allowed)


def parameters(function: Any) -> dict[str, bool]:
    """The names of an endpoint's parameters, and whether each has to be given."""
    return {name: not has_default for name, has_default, *_ in get_function_params(function)}


def check_names(endpoint: str, names: dict[str, bool], given: dict[str, Any]) -> None:
    """Raise InvalidInput unless `given` has only known `names`, and all that are required."""
    for name in given:
        if name not in names:
            allowed = f"one of {', '.join(names)}" if names else "left out, for there are none"
            raise InvalidInput(f"The name of an argument of {endpoint}", name, allowed)
    for name, required in names.items():
        if required and name not in given:
            raise InvalidInput(name, list(given), f"given to {endpoint}")


def warn(
    errors: Sequence[LabError], title: str, before: str = "", controls: Mapping[str, Component] | None = None
) -> None:
    """Say what was refused where the event goes on all the same, by the labels of the `controls`."""
    sentences = (refusal(error, controls or {}, held=False) for error in errors)
    gr.Warning(before + " ".join(sentences), title=title)
