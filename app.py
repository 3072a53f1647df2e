"""Start Backprop Lab: settings from the environment, the service, the page."""

import gc
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio

PYTHONS = (3, 11), (3, 14)
"""The first and the last Python that it runs on."""

demo: "gradio.Blocks | None" = None
"""The page, where Gradio and a Space look for it. `main` makes it, for workers import this file, too."""


def main() -> None:
    """Serve until interrupted."""
    global demo
    # Imported here, for an older Python cannot import it, and workers have what they need of it.
    from service import LabError, Settings, TrainingService, dask_cluster, wait_for_first_kernels

    try:
        settings = Settings.from_env()
        logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.WARNING)
        for name in ("service", "ui"):
            logging.getLogger(name).setLevel(logging.INFO)
        # Where there is matplotlib, Gradio would else have it look for a screen, at the first call.
        os.environ.setdefault("MPLBACKEND", "agg")
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a container's stop is a Ctrl-C
        with TrainingService(
            settings.data_folder,
            workers=settings.workers,
            make_executor=partial(dask_cluster, settings.dask) if settings.dask else None,
            on_space=settings.on_space,
            program_seconds=settings.program_seconds,
            limits=settings.limits,
        ) as service:
            # Imported here, so that gradio loads while the workers start, and not in every worker again.
            from ui import build_ui, launch_options

            demo = build_ui(service, forgets=settings.forgets)
            sys.setswitchinterval(0.001)  # a thread that computes holds up those who are served by so much
            gc.freeze()  # what is loaded stays: going through it for garbage would hold everybody up
            if not settings.dask:
                wait_for_first_kernels()
            try:
                _, address, _ = demo.launch(
                    server_port=settings.port,
                    root_path=settings.root_path,
                    **launch_options(service, settings.trusted_proxies, settings.address),
                )
            except OSError as error:
                if "empty port" not in str(error):
                    raise
                sys.exit(
                    f"Port {settings.port} is taken; set PORT to another: PORT={settings.port + 1} make run"
                )
            print(f"Backprop Lab is running at {address} (Ctrl-C stops it).", flush=True)
            threading.Thread(target=service.programs.start, daemon=True).start()
            # Not block_thread(), which waits 5 s for open pages to go away: what is saved is saved.
            threading.Event().wait()
    except LabError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    if not PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        first, last = (".".join(map(str, each)) for each in PYTHONS)
        mine = ".".join(map(str, sys.version_info[:2]))
        sys.exit(f"Backprop Lab needs a Python from {first} to {last}; this one is {mine}.")
    with suppress(KeyboardInterrupt):  # from the first moment on
        main()
