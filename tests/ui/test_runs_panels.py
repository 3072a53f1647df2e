"""The table of runs, the pinned runs compared, and the map of a sweep: what they say, and that they escape."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from service import JobStatus, Run, TrainingService
from ui.components.runs_compared import compared_panel
from ui.components.runs_listing import ORDERS, ROWS_PER_PAGE, Listing, matches
from ui.components.runs_table import runs_table
from ui.components.settings import differences, settings_of
from ui.components.sweep_map import sweep_map

WORKSPACE = "e" * 32
HOMES = {"product": "autograd", "memorize": "training", "challenge": "challenge"}
NAMES = {"product": "Autograd", "memorize": "Training", "challenge": "Challenge", "sgd": "SGD"}


@pytest.fixture
def runs(lab: TrainingService) -> list[Run]:
    """Newest first: a diverged product, a continued challenge network, and one that was never trained."""
    untrained = lab.create_model("memorize", hidden=[4], activation="tanh", seed=7)
    network = lab.create_model("challenge", hidden=[3])
    product = lab.create_model("product", start=[3, 4], target=15)
    for model in (untrained, network, product):
        lab.runs.keep(WORKSPACE, model.id)
    lab.train(network.id, steps=2000)
    lab.train(network.id, steps=500, learning_rate=1e-4)
    lab.train(product.id, steps=100, learning_rate=0.5)
    return lab.runs.all(WORKSPACE)


def rows(markup: str) -> list[list[str]]:
    """The texts of the cells of a table's rows."""
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", markup, flags=re.DOTALL)
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row)]
        for row in found
    ]


def test_a_row_says_all_there_is_to_say(runs: list[Run]) -> None:
    _, product, network, untrained = rows(
        runs_table(runs, {runs[1].model.id: 1234}, HOMES, Listing(), [], NAMES)
    )
    assert product[6:12] == ["Autograd", "3 x 4 = 15", "0", "-", "SGD", "0.5"]
    assert "diverged" in product[4]
    assert product[5] == "-"
    assert network[6:13] == ["Challenge", "3 → 3 → 5", "0", "generated", "SGD", "0.0001", "2,500"]
    assert network[5] == "1,234"
    assert untrained[4:13] == ["not trained", "-", "Training", "3 → 4 → 5 tanh", "7", "-", "-", "-", "0"]


def test_a_radius_that_is_not_known_yet_and_one_that_there_is_not(runs: list[Run]) -> None:
    assert rows(runs_table(runs, {}, HOMES, Listing(), [], NAMES))[2][5] == "..."
    assert rows(runs_table(runs, {runs[1].model.id: None}, HOMES, Listing(), [], NAMES))[2][5] == "none"


def test_names_are_escaped(lab: TrainingService, runs: list[Run]) -> None:
    lab.runs.rename(WORKSPACE, runs[0].model.id, '"><script>alert(1)</script>')
    lab.runs.pin(WORKSPACE, runs[0].model.id, True)
    lab.runs.pin(WORKSPACE, runs[1].model.id, True)
    named = lab.runs.all(WORKSPACE)
    histories = lab.runs.histories([run.model.id for run in named])
    for markup in (
        runs_table(named, {}, HOMES, Listing(), [], NAMES),
        compared_panel(named, histories, {}, NAMES),
    ):
        assert "<script" not in markup
        HTMLParser().feed(markup)


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_shows_all_runs(runs: list[Run], order: str) -> None:
    markup = runs_table(runs, {runs[1].model.id: 5}, HOMES, Listing(order=order), [], NAMES)
    assert all(run.model.id in markup for run in runs)
    assert f'value="{order}" selected' in markup


def test_the_largest_radius_and_the_smallest_loss_come_first(runs: list[Run]) -> None:
    for order in ("radius", "loss"):
        assert (
            rows(runs_table(runs, {runs[1].model.id: 5}, HOMES, Listing(order=order), [], NAMES))[1][6]
            == "Challenge"
        )


def test_a_long_table_has_pages(runs: list[Run]) -> None:
    many = [
        run.model_copy(update={"model": run.model.model_copy(update={"id": f"{number:032x}"})})
        for number, run in enumerate([runs[0]] * (ROWS_PER_PAGE + 1))
    ]
    first, last = (runs_table(many, {}, HOMES, Listing(page=page), [], NAMES) for page in (0, 1))
    assert [len(rows(markup)) - 1 for markup in (first, last)] == [ROWS_PER_PAGE, 1]
    assert "page 2 of 2" in last
    assert runs_table(many, {}, HOMES, Listing(page=99), [], NAMES) == last


def test_what_was_deleted_last_can_be_had_back() -> None:
    assert 'data-action="restore"' in runs_table([], {}, HOMES, Listing(), ["f" * 32], NAMES)
    assert "Undo" not in runs_table([], {}, HOMES, Listing(), [], NAMES)
    assert "Undo delete of 2" in runs_table([], {}, HOMES, Listing(), ["e" * 32, "f" * 32], NAMES)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [3, 2, 1]),
        ("run 2,500", [2]),
        ("AUTOGRAD", [3]),
        ("diverged 0.5", [3]),
        ("finished", [2]),
        ("not trained", [1]),
        ("tanh seed", [1]),
        ("0.0001 challenge", [2]),
        ("nothing like it", []),
    ],
)
def test_every_word_of_the_filter_has_to_be_found(runs: list[Run], query: str, found: list[int]) -> None:
    assert [run.number for run in runs if matches(run, query, NAMES)] == found
    markup = runs_table(runs, {}, HOMES, Listing(query=query), [], NAMES)
    assert (f"{len(found)} of 3 runs" in markup) == bool(query)
    assert len(rows(markup)) == (len(found) + 1 if found else 0)
    assert ("No run has all of these words" in markup) == (not found)


def test_the_chosen_ones_are_counted_and_deleted_together(runs: list[Run]) -> None:
    chosen = {runs[0].model.id, runs[2].model.id}
    markup = runs_table(runs, {}, HOMES, Listing(chosen=chosen), [], NAMES)
    assert "3 runs, 2 chosen" in markup
    (models,) = re.findall(r'data-key="remove-chosen" data-models="([^"]*)"', markup)
    assert models == f"{runs[0].model.id} {runs[2].model.id}"
    assert ">Delete 2</button>" in markup
    assert "remove-chosen" not in runs_table(runs, {}, HOMES, Listing(), [], NAMES)


def test_one_that_the_filter_hides_is_not_deleted_with_the_others(runs: list[Run]) -> None:
    chosen = {run.model.id for run in runs}
    assert ">Delete 1</button>" in runs_table(runs, {}, HOMES, Listing("autograd", chosen=chosen), [], NAMES)


def test_settings_follow_one_another(runs: list[Run]) -> None:
    found = settings_of(runs[1], NAMES)
    assert found["Learning rate"] == "0.001, then 0.0001"
    assert found["Trainings"] == "2"
    assert found["Steps"] == "2,500"
    assert found["Data set"] == "generated"


def test_a_data_set_is_called_by_its_file(runs: list[Run]) -> None:
    job = runs[1].jobs[0]
    name = "upload-" + "0" * 32
    config = job.config.model_copy(update={"dataset": name})
    run = runs[1].model_copy(update={"jobs": [job.model_copy(update={"config": config})]})
    assert settings_of(run, NAMES)["Data set"] == name
    title = "<b>.csv (upload-00000000…)"
    called = run.model_copy(update={"datasets": {name: title}})
    assert settings_of(called, NAMES)["Data set"] == title
    assert matches(called, "<b>.csv", NAMES)
    escaped = "&lt;b&gt;.csv (upload-00000000…)"
    assert rows(runs_table([called], {}, HOMES, Listing(), [], NAMES))[1][9] == escaped
    assert f", on {escaped}" in sweep_map([called], {}, HOMES)


def test_only_what_differs_is_compared(runs: list[Run]) -> None:
    assert differences([runs[1], runs[1]], NAMES) == {}
    found = differences(runs[:2], NAMES)
    assert found["Chapter"] == ["Autograd", "Challenge"]
    assert found["First values"] == ["3, 4", "-"]
    assert "Optimizer" not in found


def test_the_curves_of_pinned_runs_lie_over_one_another(lab: TrainingService, runs: list[Run]) -> None:
    histories = lab.runs.histories([run.model.id for run in runs])
    markup = compared_panel(runs, histories, {}, NAMES)
    assert markup.count("<polyline") == 4  # two runs with a history, on two axes
    assert "Run 2: loss " in markup
    assert "Run 1" not in markup
    assert "Pin another run" in compared_panel(runs[:1], histories, {}, NAMES)
    assert "No run is pinned" in compared_panel([], {}, {}, NAMES)


@pytest.fixture
def swept(lab: TrainingService) -> list[Run]:
    """A sweep of 2 learning rates, one of them too large, 2 widths and 2 seeds."""
    grid: dict[str, Any] = {"learning_rates": [1e-3, 0.1], "hidden": [[2], [3]], "seeds": [0, 1]}
    for job in lab.sweep("challenge", grid, {}, {"steps": 2000}, workspace=WORKSPACE):
        lab.wait(job.id)
    return lab.runs.all(WORKSPACE)


def test_the_runs_of_a_sweep_fold_under_one_row(swept: list[Run]) -> None:
    markup = runs_table(swept, {swept[0].model.id: 7}, HOMES, Listing(), [], NAMES)
    _, fold = rows(markup)
    best = min(run.loss for run in swept if run.loss is not None)
    assert fold[2] == "▸ Sweep of 8: runs 1 to 8"
    assert fold[4:10] == [f"best {best:.4g}", "best 7", "Challenge", "2 values", "2 values", "generated"]
    assert 'aria-expanded="false"' in markup
    assert "8 runs" in markup


def test_an_unfolded_sweep_has_its_runs_below_it(swept: list[Run]) -> None:
    sweep = swept[0].sweep or ""
    markup = runs_table(swept, {}, HOMES, Listing(order="loss", unfolded={sweep}), [], NAMES)
    assert len(rows(markup)) == 1 + 1 + 8
    assert 'aria-expanded="true"' in markup
    first = re.findall(r'aria-label="Name of run (\d+)"', markup)[0]
    best = min(swept, key=lambda run: float("inf") if run.loss is None else run.loss)
    assert int(first) == best.number


def test_a_sweep_is_chosen_and_deleted_as_one(swept: list[Run]) -> None:
    models = " ".join(run.model.id for run in swept)
    markup = runs_table(swept, {}, HOMES, Listing(), [], NAMES)
    assert f'data-action="choose" data-key="choose-{swept[0].sweep}" data-models="{models}"' in markup
    assert f'data-action="remove" data-key="remove-{swept[0].sweep}" data-models="{models}"' in markup


def test_one_run_left_of_a_sweep_is_a_row_like_others(swept: list[Run]) -> None:
    assert "Sweep of" not in runs_table(swept[:1], {}, HOMES, Listing(), [], NAMES)


def test_a_map_has_a_cell_for_every_run(lab: TrainingService, swept: list[Run]) -> None:
    radii = lab.runs.radii([run.model.id for run in swept], seconds=60)
    markup = sweep_map(swept, radii, HOMES)
    assert "8 of 8 trainings have ended" in markup
    assert "certified" not in markup
    assert all(markup.count(f"open={run.model.id}") == 2 for run in swept)
    assert markup.count(">diverged</a>") == 4
    assert "4 diverged." in markup
    best = max(swept, key=lambda run: radii[run.model.id] or -1)
    assert f"Largest radius: {radii[best.model.id]:,} ({best.shape}, learning rate 0.001" in markup
    assert 'data-shade="5"' in markup


def test_a_loss_of_0_is_the_best_and_equals_are_counted(swept: list[Run]) -> None:
    won = {"loss": 0.0, "status": JobStatus.succeeded}
    perfect = [
        run.model_copy(update={"jobs": [job.model_copy(update=won) for job in run.jobs]}) for run in swept
    ]
    markup = sweep_map(perfect, {run.model.id: 0 for run in swept}, HOMES)
    by_loss, by_radius = markup.split('<div class="sweep-radius">')
    assert by_loss.count('data-shade="5"') == 8
    assert 'data-shade="0"' not in by_loss
    assert by_radius.count('data-shade="0"') == 8
    assert markup.count(", and 7 more with the same)") == 2


def test_a_map_says_what_is_still_missing(swept: list[Run]) -> None:
    assert "8 of 8 trainings have ended, 8 still to be certified" in sweep_map(swept, {}, HOMES)
    assert "Press <b>Sweep</b>" in sweep_map([], {}, HOMES)
