"""The public API: what gradio_client (and MCP) can call. The names and parameters are a contract.

Every endpoint is a plain function of the service and of what its callers give by name. It takes and returns
plain JSON, but for /export, which returns a file. What it may refuse is said in one sentence.
"""

from gradio.events import api

from service import TrainingService
from ui.endpoints import data, models, programs, trainings
from ui.endpoints.signatures import published

_ALL = (
    data.tasks, data.add_dataset, models.create_model, trainings.train, trainings.submit, trainings.sweep,
    trainings.watch, trainings.job, trainings.cancel, models.history, models.parameters, models.predict,
    models.certify, models.export, models.rewind, models.delete_model, programs.run_program,
    programs.check_program,
)  # fmt: skip
ENDPOINTS = {each.__name__: each for each in _ALL}
"""By name, in the order in which they are listed."""


def publish(service: TrainingService) -> None:
    """Publish every endpoint of ENDPOINTS in the gr.Blocks under construction."""
    for name, function in ENDPOINTS.items():
        api(published(function, service), api_name=name, concurrency_limit=None)
