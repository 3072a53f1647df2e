"""A client light enough to be three hundred learners: what gradio_client asks for, by aiohttp."""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp


class Refused(Exception):
    """The lab answered with an error; the text is what it said."""


class Lab:
    """Calls the endpoints of a lab by name; `session` is a page's or a client's, a new one if not given."""

    def __init__(self, address: str, http: aiohttp.ClientSession) -> None:
        self.address = address.rstrip("/")
        self.http = http
        self._functions: dict[str, int] = {}
        self._parameters: dict[str, dict[str, Any]] = {}

    async def learn(self) -> None:
        """Fetch which endpoints there are."""
        async with self.http.get(f"{self.address}/config") as answer:
            dependencies = (await answer.json())["dependencies"]
        async with self.http.get(f"{self.address}/gradio_api/info") as answer:
            endpoints = (await answer.json())["named_endpoints"]
        public = {each["api_name"]: each["id"] for each in dependencies}
        for name, endpoint in endpoints.items():
            self._functions[name[1:]] = public[name[1:]]
            self._parameters[name[1:]] = {
                each["parameter_name"]: each.get("parameter_default") for each in endpoint["parameters"]
            }

    async def call(self, name: str, session: str | None = None, **given: Any) -> Any:
        """The last answer of an endpoint. Raises Refused with the lab's sentence."""
        last: Any = None
        async for last in self.stream(name, session, **given):
            pass
        return last

    async def stream(self, name: str, session: str | None = None, **given: Any) -> AsyncIterator[Any]:
        """All answers of an endpoint. Raises Refused with the lab's sentence."""
        session = session or secrets.token_hex(6)
        await self.join(name, session, **given)
        url = f"{self.address}/gradio_api/queue/data"
        async with self.http.get(url, params={"session_hash": session}) as answer:
            async for message in _messages(answer):
                output = message.get("output") or {}
                if not message.get("success", True):
                    raise Refused(str(output.get("error")))
                if message["msg"] in ("process_generating", "process_completed") and output.get("data"):
                    yield output["data"][0]

    async def join(self, name: str, session: str | None, **given: Any) -> None:
        """Ask an endpoint, and leave the answer where it is."""
        data = list({**self._parameters[name], **given}.values())
        asked = {"data": data, "fn_index": self._functions[name], "session_hash": session}
        if session is None:
            await self.post(f"/gradio_api/call/{name}", json.dumps({"data": data}).encode())
        else:
            await self.post("/gradio_api/queue/join", json.dumps(asked).encode())

    async def post(self, path: str, body: bytes) -> str:
        """What a POST of JSON is answered with. Raises Refused."""
        headers = {"Content-Type": "application/json"}
        async with self.http.post(self.address + path, data=body, headers=headers) as answer:
            text = await answer.text()
            if answer.status != 200:
                raise Refused(text)
            return text


async def _messages(answer: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Any]]:
    async for line in answer.content:
        if line.startswith(b"data:"):
            yield json.loads(line[5:])


@asynccontextmanager
async def connected(address: str) -> AsyncIterator[Lab]:
    """A Lab for the server at `address`."""
    # read_bufsize: 10,000 answers come as one line.
    connector, timeout = aiohttp.TCPConnector(limit=0), aiohttp.ClientTimeout(total=600)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, read_bufsize=2**24) as http:
        lab = Lab(address, http)
        await lab.learn()
        yield lab
