"""A watcher that is cut off again and again, and goes on from its cursor."""

from benchmarks.stress.client import Lab, connected
from benchmarks.stress.rows import Row
from benchmarks.stress.server import running


async def run(scale: float = 1.0) -> list[Row]:
    """1,000 reconnects; two watches of one page at once do not disturb each other."""
    reconnects = max(20, round(1000 * scale))
    seen: list[int] = []
    with running() as server:
        async with connected(server.address) as lab:
            model = await lab.call("create_model", task="memorize")
            job = await lab.call("submit", model_id=model["id"], steps=50_000, engine="autograd")
            cursor, made, ended = 0, 0, False
            while made < reconnects or not ended:
                progress = await _first(lab, job["id"], cursor)
                seen += [each["step"] for each in progress["points"]]
                cursor, made = progress["after"], made + 1
                ended = progress["status"] not in ("queued", "running")
            history = await lab.call("history", model_id=model["id"])
    right = seen == history["step"]
    return [
        Row(
            f"{made:,} reconnects of /watch with a cursor",
            f"{len(seen):,} points, {'each once, in order' if right else 'not those of the history'}",
            "every point once, in order",
            right,
        )
    ]


async def _first(lab: Lab, job_id: str, after: int) -> dict[str, object]:
    """The first update, after which the connection is dropped."""
    stream = lab.stream("watch", job_id=job_id, after=after)
    try:
        async for progress in stream:
            return progress
    finally:
        await stream.aclose()  # pyright: ignore[reportAttributeAccessIssue]
    raise AssertionError("a watch without an update")
