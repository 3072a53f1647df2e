"""What the page's scripts fetch by themselves: scripts, kernels, trainings, and what there is to write."""

import json
from typing import Any

from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from service import EXERCISES, InvalidInput, LabError, TrainingService
from ui.components.calls_panel import NOTEBOOKS
from ui.components.exercises import exercises_told
from ui.components.loss_plot import lowest
from ui.parsing import number_or_text
from ui.static import FOLDER
from ui.written import written

ASKED = "of"
"""The name of the query, as `ui.dragging.hand` tells it; beside it, the seed that is at hand."""


def served(service: TrainingService) -> Mount:
    """Everything under /lab: the page's files, notebooks, trainings for a browser, programs, exercises."""

    def training(request: Request) -> JSONResponse:  # in a thread, for it is no coroutine
        try:
            return JSONResponse(_described(service, request))
        except LabError as error:
            return JSONResponse({"detail": str(error)}, 400)

    def exercises(_request: Request) -> JSONResponse:
        return JSONResponse(exercises_told(EXERCISES))

    return Mount(
        "/lab",
        routes=[
            Route("/training", training),
            Route("/exercises", exercises),
            *written(service),
            Mount("/static", StaticFiles(directory=FOLDER)),
            Mount("/notebooks", StaticFiles(directory=NOTEBOOKS, check_dir=False)),
        ],
        middleware=[Middleware(GZipMiddleware)],
    )


def _described(service: TrainingService, request: Request) -> Any:
    text, seed = request.query_params.get(ASKED, ""), request.query_params.get("seed", "0")
    allowed = 'JSON with a "task" and its "options" and "config"'
    try:
        asked = json.loads(text)
        task, options, config = asked["task"], dict(asked["options"]), dict(asked["config"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise InvalidInput(ASKED, text, allowed) from None
    made = {**options, "seed": number_or_text(seed, whole=True)}
    described = json.loads(service.descriptions.describe(task, made, config))
    return described and {**described, "floor": lowest(described["loss_floor"])}
