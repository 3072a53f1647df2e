"""The server under the page: it starts however busy the machine is, and keeps connections open."""

import threading
import time
from typing import Any

import uvicorn
from gradio import http_server
from gradio.exceptions import ServerFailedToStartError

KEEP_ALIVE_SECONDS = 75
"""How long a connection may be idle: longer than browsers and clients keep theirs, so that they are the ones
who close it, and none finds it closed as it asks for something."""


class PatientServer(http_server.Server):
    """Gradio's gives up after 5 s, which a busy machine may well need."""

    def __init__(self, config: uvicorn.Config, **_reloading: Any) -> None:
        """Serve what the configuration says; nothing is loaded again when a file changes."""
        config.timeout_keep_alive = KEEP_ALIVE_SECONDS
        config.proxy_headers = False  # the gateway knows whose headers count
        super().__init__(config)

    def run_in_thread(self) -> None:
        """Return once it serves. Raises ServerFailedToStartError if it cannot."""
        self.thread = threading.Thread(target=self.run, name="server", daemon=True)
        self.thread.start()
        while not self.started:
            if not self.thread.is_alive():
                raise ServerFailedToStartError("The server could not be started.")
            time.sleep(0.001)


def use_this_server() -> None:
    """Have Gradio serve with this class, where it looks it up."""
    http_server.Server = PatientServer
