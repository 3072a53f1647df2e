"""A network on which every byte is under way for a while, as on the way to a server that is far."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial

from tests.conftest import free_port

CHUNK = 65536


@contextmanager
def distant(port: int, round_trip: float) -> Iterator[int]:
    """A port that leads to `port` of this machine, `round_trip` seconds there and back.

    A connection costs one round trip before its first byte, as the handshake of TCP does. Bandwidth is not
    limited.
    """
    runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
    loop = runner.get_loop()

    def serve() -> None:
        loop.run_forever()
        runner.close()

    thread = threading.Thread(target=serve)
    thread.start()
    entrance = free_port()
    accept = partial(_accept, port, round_trip / 2)
    listening = asyncio.start_server(accept, "127.0.0.1", entrance)
    server = asyncio.run_coroutine_threadsafe(listening, loop).result()
    try:
        yield entrance
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _accept(port: int, delay: float, near: asyncio.StreamReader, answer: asyncio.StreamWriter) -> None:
    ready = asyncio.get_running_loop().time() + 2 * delay
    far, request = await asyncio.open_connection("127.0.0.1", port)
    with suppress(asyncio.CancelledError):  # the end of the network
        await asyncio.gather(_carry(near, request, delay, ready), _carry(far, answer, delay, ready))


async def _carry(
    source: asyncio.StreamReader, sink: asyncio.StreamWriter, delay: float, ready: float
) -> None:
    """Write what is read, `delay` seconds after it was read, or after the connection was `ready`."""
    loop = asyncio.get_running_loop()
    while data := await source.read(CHUNK):
        loop.call_at(max(loop.time(), ready) + delay, sink.write, data)
    loop.call_at(max(loop.time(), ready) + delay, sink.close)
