"""The app behind a reverse proxy that shows it under a path and strips that path."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from gradio_client import Client
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from tests.api.test_mcp import use
from tests.conftest import run_async, running_app

PREFIX = "/lab"
HOP_BY_HOP = ("content-length", "transfer-encoding")


def reverse_proxy(target: str) -> Starlette:
    """Forwards what is under PREFIX to `target`, without it, and streams the answers."""
    client = httpx.AsyncClient(base_url=target, timeout=None)

    async def forward(request: Request) -> StreamingResponse:
        headers = {name: value for name, value in request.headers.items() if name not in HOP_BY_HOP}
        headers |= {"x-forwarded-host": request.headers["host"], "x-forwarded-proto": "http"}
        path = httpx.URL(path=request.path_params["path"], query=request.url.query.encode())
        sent = client.build_request(request.method, path, headers=headers, content=await request.body())
        answer = await client.send(sent, stream=True)
        kept = {name: value for name, value in answer.headers.items() if name not in HOP_BY_HOP}
        return StreamingResponse(answer.aiter_raw(), answer.status_code, kept)

    return Starlette(routes=[Route(f"{PREFIX}{{path:path}}", forward, methods=["GET", "POST", "DELETE"])])


@contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The address at which the app is served from a thread."""
    listener = socket.create_server(("127.0.0.1", 0))  # so that whoever is early waits
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}{PREFIX}/"
    server.should_exit = server.force_exit = True  # a stream may be open
    thread.join(timeout=20)


def test_clients_and_tools_reach_it_under_its_path(tmp_path: Path) -> None:
    with (
        running_app(tmp_path, GRADIO_ROOT_PATH=f"{PREFIX}/", LAB_TRUSTED_PROXIES="127.0.0.1") as app,
        served(reverse_proxy(app.address.rstrip("/"))) as address,
    ):
        page = httpx.get(address).text
        assert f'"root":"{address.rstrip("/")}"' in page
        client = Client(address, verbose=False)
        model_id = client.predict("product", api_name="/create_model")["id"]
        client.predict(model_id, steps=5, api_name="/train")
        file = Path(client.predict(model_id, "csv", api_name="/export"))
        assert len(file.read_text().splitlines()) == 1 + 6
        _, good, exported, *_ = run_async(use(address))
        assert not good.isError
        assert json.loads(exported.content[0].text)["url"].startswith(address)
