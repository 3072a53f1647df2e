"""Opening the page: each part has its say, and none keeps the others from it."""

from typing import Any, cast

import gradio as gr
import pytest
from starlette.datastructures import QueryParams

from service import InvalidInput
from tests.conftest import run_async
from ui.opening import Opening


@pytest.mark.parametrize("error", [InvalidInput("steps", "x", "a number"), RuntimeError("a fault of ours")])
def test_a_part_that_fails_leaves_the_others_theirs(error: Exception) -> None:
    with gr.Blocks() as page:
        first, last = gr.Textbox(), gr.Textbox()
        opening = Opening([])

        async def opens(_data: Any, _request: gr.Request) -> dict[Any, Any]:
            return {first: "first"}

        async def fails(_data: Any, _request: gr.Request) -> dict[Any, Any]:
            raise error

        async def opens_too(_data: Any, _request: gr.Request) -> dict[Any, Any]:
            return {last: "last"}

        for opener, output in ((opens, first), (fails, first), (opens_too, last)):
            opening.add(opener, [output])
        opening.wire(page)
    (handler,) = [fn.fn for fn in page.fns.values() if fn.fn is not None]
    assert run_async(cast(Any, handler)({}, gr.Request(query_params=QueryParams()))) == {
        first: "first",
        last: "last",
    }
