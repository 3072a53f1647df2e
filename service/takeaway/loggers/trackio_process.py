"""Logs a run, given as JSON on stdin, with Trackio. A script: nothing of the lab is imported."""

import json
import sys

import trackio


def main() -> None:
    """Read, and log."""
    run = json.load(sys.stdin)
    trackio.init(
        run["project"],
        name=run["name"],
        config=run["config"],
        embed=False,
        auto_log_gpu=False,
        auto_log_cpu=False,
    )
    for step, metrics in run["points"]:
        trackio.log(metrics, step=int(step))
    trackio.finish()


if __name__ == "__main__":
    main()
