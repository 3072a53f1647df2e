"""A run to share and to take home: a link that trains it again, its fingerprint, and its files."""

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import urlencode

from service import EngineInfo, Job, JobStatus
from ui.static import script

FILES = {
    "safetensors": "the weights",
    "onnx": "the network, for ONNX runtimes",
    "python": "the program, in plain PyTorch",
    "notebook": "the program, cell by cell, with the weights and losses",
    "csv": "the losses",
}
"""The formats of /export, and what is in them."""

SCRIPT = script("share")

ON_AUTOGRAD = "Trained on autograd, it may round differently on another processor."


def share_panel(
    chapter: str, model_id: str, recipe: str | None, fingerprint: str, notes: Sequence[str] = ()
) -> str:
    """Everything about one run that can leave the page; without a recipe there is no link.

    The notes are sentences on what the link needs.
    """
    files = "".join(
        f'<button type="button" class="quiet" data-share="file" data-format="{name}" '
        f'data-model="{model_id}">'
        f"<b>{name}</b> {what}</button>"
        for name, what in FILES.items()
    )
    return (
        '<details class="panel share fold"><summary>Share it, take it home</summary>'
        f"{_link(chapter, recipe, fingerprint, notes)}"
        f"<p>Fingerprint of these weights: <code>{fingerprint}</code></p>"
        f'<div class="share-files">{files}</div><p class="share-said" role="status"></p></details>'
    )


def _link(chapter: str, recipe: str | None, fingerprint: str, notes: Sequence[str]) -> str:
    if recipe is None:
        return (
            "<p>This run has more trainings than fit into a link; the program and the notebook have them "
            "all.</p>"
        )
    query = urlencode({"chapter": chapter, "run": recipe, "fingerprint": fingerprint})
    says = " ".join(
        ["Opened, it makes the run again and says whether the weights came out the same.", *notes]
    )
    return (
        f'<p><a class="share-link" href="?{escape(query)}">A link to this run</a> '
        f'<button type="button" class="quiet" data-share="link">Copy the link</button> {escape(says)}</p>'
    )


def link_notes(jobs: Sequence[Job], datasets: Sequence[str], engines: Mapping[str, EngineInfo]) -> list[str]:
    """What the link of a run needs, to be made again elsewhere; `datasets` are those that every lab has."""
    trained = [job for job in jobs if job.step > job.start_step]
    notes: list[str] = []
    if any(engines[job.config.engine].pytorch_bits for job in trained):
        notes.append(ON_AUTOGRAD)
    if any(job.config.dataset not in (None, *datasets) for job in trained):
        notes.append("It needs the data set that was added here: in another lab, add the same rows first.")
    return notes


def verdict(
    claimed: str | None, fingerprint: str, jobs: Sequence[Job], engines: Mapping[str, EngineInfo]
) -> str:
    """Whether a run that a link has brought came out as the link says; nothing if it says nothing.

    `jobs` are the trainings that were made from it.
    """
    if claimed is None:
        return ""
    made = "Trained again" if jobs else "Made again"
    if claimed == fingerprint:
        return (
            f'<p class="run-verdict" data-same="true"><span aria-hidden="true">✓</span> {made} from '
            f"the link, here and now: the same weights to the bit (<code>{fingerprint}</code>).</p>"
        )
    return (
        f'<p class="run-verdict" data-same="false"><span aria-hidden="true">✗</span> {made} from the '
        f"link, but not to the same weights: the fingerprint is <code>{fingerprint}</code>, the link says "
        f"otherwise. {_reason(jobs, engines)}</p>"
    )


def _reason(jobs: Sequence[Job], engines: Mapping[str, EngineInfo]) -> str:
    if jobs and jobs[-1].status is not JobStatus.succeeded:
        return f"The last training here ended early ({jobs[-1].status})."
    reasons = [
        "It may come from another version of this lab, of PyTorch or of NumPy, or the link was changed."
    ]
    if any(engines[job.config.engine].pytorch_bits for job in jobs):
        reasons.append(ON_AUTOGRAD)
    return " ".join(reasons)
