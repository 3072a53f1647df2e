"""A network between the browser and the app that can be cut, or is long."""

import socket
import threading
from contextlib import suppress
from queue import SimpleQueue
from time import monotonic, sleep
from typing import Self

from tests.conftest import free_port


class Network:
    """Forwards TCP connections on `port` to `target_port`, until it is cut; what is sent takes `delay` seconds."""

    def __init__(self, target_port: int, delay: float = 0) -> None:
        self._target = ("127.0.0.1", target_port)
        self._delay = delay
        self.port = free_port()
        self._listener: socket.socket | None = None
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self.mend()
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def mend(self) -> None:
        """Let connections through."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Break every connection, and let none through."""
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
        with self._lock:
            for end in self._open:
                with suppress(OSError):  # closed from the other side already
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
            self._open.clear()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return  # cut
            far = socket.create_connection(self._target)
            with self._lock:
                self._open += [near, far]
            for source, sink in ((near, far), (far, near)):
                sink.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                under_way: SimpleQueue[tuple[float, bytes]] = SimpleQueue()
                threading.Thread(target=self._take, args=(source, under_way), daemon=True).start()
                threading.Thread(target=self._deliver, args=(under_way, sink), daemon=True).start()

    def _take(self, source: socket.socket, under_way: "SimpleQueue[tuple[float, bytes]]") -> None:
        data = b"any"
        while data:
            try:
                data = source.recv(65536)
            except OSError:
                data = b""  # cut, or closed from the other side
            under_way.put((monotonic() + self._delay, data))

    def _deliver(self, under_way: "SimpleQueue[tuple[float, bytes]]", sink: socket.socket) -> None:
        with suppress(OSError):  # cut, or closed from the other side
            while True:
                due, data = under_way.get()
                sleep(max(0, due - monotonic()))
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return
                sink.sendall(data)
