"""Ids that nobody was told, asked of a running app."""

from uuid import uuid4

from tests.api.raw import Answer, Sent, has_words, post_json, send

ADDRESSES = {
    "event": "/gradio_api/call/train/{id}",
    "session": "/gradio_api/queue/data?session_hash={id}",
    "file": "/gradio_api/file=/tmp/gradio/{id}/mine.csv",
}
KINDS = (*ADDRESSES, "model")


def guess(address: str, kind: str) -> Answer:
    """What the app answers to an id that was made up now."""
    made_up = uuid4().hex
    if kind in ADDRESSES:
        return send(address, Sent(b"GET", ADDRESSES[kind].format(id=made_up).encode()))
    return post_json(address, "/lab/predict", {"model_id": made_up, "vectors": "1,2,3"})


def amiss(answers: list[Answer]) -> list[Answer]:
    """Those of a kind that are no refusal in words, or are longer or shorter than the first."""
    return [
        answer
        for answer in answers
        if answer.status not in (200, 400, 403, 404)
        or not has_words(answer.body)
        # But for the id, which it repeats, each answer is the same.
        or len(answer.body) != len(answers[0].body)
    ]
