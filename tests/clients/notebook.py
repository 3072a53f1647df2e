"""What a notebook does, with whatever gradio_client runs this: `python notebook.py ADDRESS`.

It needs nothing else, so that any version of it can be tried in an environment of its own.
"""

import sys
from pathlib import Path
from typing import Any

from gradio_client import Client, __version__


def refusal(client: Client, **given: Any) -> str:
    """The sentence in which a call is refused."""
    try:
        client.predict(**given)
    except Exception as error:
        return str(error)
    raise AssertionError("it was not refused")


def main(address: str) -> None:
    """Call what a notebook calls, and check what comes back."""
    lab = Client(address, verbose=False)
    model = lab.predict(task="challenge", hidden=[3], api_name="/create_model")["id"]

    trained = lab.submit(model, learning_rate=1e-3, steps=20_000, api_name="/train").result()
    assert trained["status"] == "succeeded", trained

    job = lab.predict(model, learning_rate=1e-4, steps=2_000_000, api_name="/submit")
    watched: Any = list(lab.submit(job["id"], api_name="/watch"))
    assert watched[-1]["status"] == "succeeded", watched[-1]
    assert watched[-1]["step"] == 2_020_000

    answers = lab.predict(model, [[1, 2, 3], [100, -50, 25]], api_name="/predict")
    assert answers["rounded"] == [[1, 2, 3, 4, 5], [100, -50, 25, 26, 27]], answers
    assert lab.predict(model, api_name="/certify")["method"] == "proved"

    columns = lab.predict(model, "csv", api_name="/export")
    assert Path(columns).read_text().startswith("step,loss\n0,")

    refused = "task must be one of product, memorize, challenge; got 'nope'."
    assert refusal(lab, task="nope", api_name="/create_model") == refused
    assert lab.predict(model, api_name="/delete_model") in (None, ())
    assert refusal(lab, model_id=model, api_name="/history").startswith(f"model_id '{model}' is not known")

    told = str(lab.view_api(return_format="str", print_info=False))
    assert "hidden: list[int] | None" in told
    assert "1st" not in told
    print(f"gradio_client {__version__} does all that a notebook does.")


if __name__ == "__main__":
    main(sys.argv[1])
