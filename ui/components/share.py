"""A run to share and to take home: a link that trains it again, its fingerprint, and its files."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from service import EngineInfo, Job, JobStatus
from ui.components.details import TITLES
from ui.components.parts import button, fold, icon
from ui.components.terms import term
from ui.markup import Markup, tag
from ui.static import script

FILES = {
    "safetensors": "the weights",
    "onnx": "the network, for ONNX runtimes",
    "python": "the program, in plain PyTorch",
    "notebook": "the program, cell by cell, with the weights and losses",
    "csv": "the losses",
}
"""The formats of /export, and what is in them."""

OF_TRAININGS = {"notebook", "csv"}
"""Those that a model has only where it was trained here."""
FROM_PROGRAM = "This network came out of a program: copy the link of that in its editor."

SCRIPT = script("share")

ON_AUTOGRAD = "It was trained on PyTorch itself, which may round differently on another processor."


def share_panel(
    chapter: str,
    model_id: str,
    recipe: str | None,
    fingerprint: str,
    notes: Sequence[str] = (),
    from_program: bool = False,
) -> Markup:
    """Everything about one run that can leave the page; without a recipe there is no link.

    The notes are sentences on what the link needs; `from_program` says that the model came out of a program.
    """
    files = (
        button("quiet", tag("b", name), f" {what}", data_share="file", data_format=name, data_model=model_id)
        for name, what in FILES.items()
        if not (from_program and name in OF_TRAININGS)
    )
    return fold(
        "panel.share",
        TITLES["share"],
        tag("p", FROM_PROGRAM) if from_program else _link(chapter, recipe, fingerprint, notes),
        tag("p", term("fingerprint", "Fingerprint"), " of these weights: ", tag("code", fingerprint)),
        tag("div.share-files", files),
        tag("p.share-said", role="status"),
    )


def _link(chapter: str, recipe: str | None, fingerprint: str, notes: Sequence[str]) -> Markup:
    if recipe is None:
        words = (
            "This run has more trainings than fit into a link; the program and the notebook have them all."
        )
        return tag("p", words)
    query = urlencode({"chapter": chapter, "run": recipe, "fingerprint": fingerprint})
    says = " ".join(
        ["Opened, it trains the run again and says whether the weights came out the same.", *notes]
    )
    return tag(
        "p",
        tag("a.share-link", "A link to this run", href=f"?{query}"),
        " ",
        button("quiet", "Copy the link", data_share="link"),
        f" {says}",
    )


def link_notes(
    jobs: Sequence[Job],
    datasets: Sequence[str],
    titles: Mapping[str, str],
    engines: Mapping[str, EngineInfo],
) -> list[str]:
    """What the link of a run needs, to be made again elsewhere.

    `datasets` are those that every lab has, `titles` what those are called that were added.
    """
    trained = [job for job in jobs if job.step > job.start_step]
    notes: list[str] = []
    if any(engines[job.config.engine].pytorch_bits for job in trained):
        notes.append(ON_AUTOGRAD)
    asked = dict.fromkeys(name for job in trained if (name := job.config.dataset) is not None)
    for name in asked:
        if name not in datasets:
            called = titles.get(name, name)
            notes.append(f"It needs {called}, which was added here: anywhere else, add the same rows first.")
    return notes


def verdict(
    claimed: str | None, fingerprint: str, jobs: Sequence[Job], engines: Mapping[str, EngineInfo]
) -> Markup:
    """Whether a run that a link has brought came out as the link says; nothing if it says nothing.

    `jobs` are the trainings that were made from it.
    """
    if claimed is None:
        return Markup()
    made = "Trained again" if jobs else "Made again"
    same, code = claimed == fingerprint, tag("code", fingerprint)
    if same:
        words = " from the link, here and now: the same weights ", term("to the bit"), " (", code, ")."
    else:
        but = " from the link, but the weights are not the same: their fingerprint is "
        words = but, code, f", not that of the link. {_reason(jobs, engines)}"
    return tag("p.run-verdict", icon("✓" if same else "✗"), f" {made}", words, data_same=str(same).lower())


def _reason(jobs: Sequence[Job], engines: Mapping[str, EngineInfo]) -> str:
    if jobs and jobs[-1].status is not JobStatus.succeeded:
        return f"The last training here ended early ({jobs[-1].status})."
    reasons = [
        "It may come from another version of this page, of PyTorch or of NumPy, or the link was changed."
    ]
    if any(engines[job.config.engine].pytorch_bits for job in jobs):
        reasons.append(ON_AUTOGRAD)
    return " ".join(reasons)
