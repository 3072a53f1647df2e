"""Start Backprop Lab: settings from the environment, the service, the page."""

import gc
import logging
import os
import signal
import sys
import threading
from contextlib import suppress
from functools import partial

from service import LabError, Settings, TrainingService, dask_cluster


def main() -> None:
    """Serve until interrupted."""
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

        page = build_ui(service)
        sys.setswitchinterval(0.001)  # a thread that computes holds up those who are served by so much
        gc.freeze()  # what is loaded stays: going through it for garbage would hold everybody up
        try:
            _, address, _ = page.launch(
                server_port=settings.port,
                root_path=settings.root_path,
                **launch_options(service, settings.trusted_proxies),
            )
        except OSError as error:
            if "empty port" not in str(error):
                raise
            sys.exit(f"Port {settings.port} is taken; set PORT to another: PORT={settings.port + 1} make run")
        print(f"Backprop Lab is running at {address} (Ctrl-C stops it).", flush=True)
        threading.Thread(target=service.programs.start, daemon=True).start()
        # Not block_thread(), which waits 5 s for open pages to go away: what is saved is saved.
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    try:
        main()
    except LabError as error:
        sys.exit(str(error))
