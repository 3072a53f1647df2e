"""The panels beside the plot."""

import pytest

from service import JobStatus, TrainingService
from ui.components.panels import MAX_ROWS, parameters_panel, predictions_panel, status_panel


class TestStatus:
    def test_without_a_model(self) -> None:
        assert "Not trained yet." in status_panel(None, None)

    def test_at_the_first_weights(self, lab: TrainingService) -> None:
        model = lab.create_model("memorize", seed=5)
        assert "Not trained yet: these are its first weights (seed 5)." in status_panel(model, None)

    @pytest.mark.parametrize("status", JobStatus)
    def test_every_state_has_a_sign_and_a_word(self, lab: TrainingService, status: JobStatus) -> None:
        model = lab.create_model("product")
        job = lab.train(model.id, steps=5).model_copy(update={"status": status})
        markup = status_panel(model, job)
        assert f'data-status="{status}"' in markup
        assert "5 of 5" in markup

    def test_a_divergence_shows_the_sentence_and_nothing_can_slip_into_the_page(
        self, lab: TrainingService
    ) -> None:
        model = lab.create_model("product")
        job = lab.train(model.id, learning_rate=0.1)
        assert "Diverged at step" in status_panel(model, job)
        nasty = job.model_copy(update={"error": "<script>alert(1)</script>"})
        assert "<script>" not in status_panel(model, nasty)

    def test_a_note_is_shown_and_escaped(self, lab: TrainingService) -> None:
        model = lab.create_model("product", start=[0, 0])
        job = lab.train(model.id)
        assert "All gradients are exactly 0 here" in status_panel(model, job)
        assert "<b>" not in status_panel(model, job.model_copy(update={"note": "<b>"}))

    def test_the_offer_and_the_learning_rate_are_written_in_full(self, lab: TrainingService) -> None:
        model = lab.create_model("product")
        job = lab.train(model.id, learning_rate=0.1234567890123)
        panel = status_panel(model, job)
        assert "<dd>0.1234567890123</dd>" in panel
        assert f"Train again from the start with learning rate {job.stable_learning_rate!r}</button>" in panel

    @pytest.mark.parametrize(
        ("speed", "words"), [(0.4, "0.4 steps/s"), (9.96, "10 steps/s"), (12345.6, "12,346 steps/s")]
    )
    def test_a_slow_training_is_not_said_to_stand(
        self, lab: TrainingService, speed: float, words: str
    ) -> None:
        model = lab.create_model("product")
        job = lab.train(model.id, steps=5).model_copy(update={"steps_per_second": speed})
        assert f"<dd>{words}</dd>" in status_panel(model, job)


def test_parameters_are_printed_as_torch_prints_them(lab: TrainingService) -> None:
    model = lab.create_model("product")
    lab.train(model.id, steps=1)
    lab.train(model.id, steps=100)
    panel = parameters_panel(lab.snapshot(model.id).parameters, {"var_1 * var_2": 15.0})
    assert "var_1 = tensor(3.4505)\nvar_2 = tensor(4.3472)\nvar_1 * var_2 = tensor(15.)" in panel


class TestPredictions:
    def test_empty(self) -> None:
        assert "press <b>Predict</b>" in predictions_panel(None)

    def test_a_row_says_everything_about_its_vector(self, lab: TrainingService) -> None:
        model = lab.create_model("challenge", hidden=[])
        lab.train(model.id, steps=3000)
        panel = predictions_panel(lab.snapshot(model.id).predict([[1, -2, 3]]))
        for words in ("[1, -2, 3]", "[1, -2, 3, 4, 5]", "✓ right", "at step 3,000: 1 of 1 right"):
            assert words in panel

    def test_a_network_from_elsewhere_has_no_step(self, lab: TrainingService) -> None:
        model = lab.create_model("challenge")
        panel = predictions_panel(lab.snapshot(model.id).predict([[1, 2, 3]]), trained=False)
        assert "<h3>Predictions: 0 of 1 right</h3>" in panel

    def test_wrong_unknown_and_overflowing_answers(self, lab: TrainingService) -> None:
        memorize = lab.create_model("memorize")
        panel = predictions_panel(lab.snapshot(memorize.id).predict([[1, 2, 3], [0, 0, 0]]))
        assert "✗ wrong" in panel
        assert "not part of the task" in panel
        assert "0 of 1 right" in panel
        wide = lab.create_model("challenge", hidden=[64])
        assert "not finite" in predictions_panel(lab.snapshot(wide.id).predict([[3e38, 3e38, 3e38]]))

    def test_many_rows_are_counted_and_cut(self, lab: TrainingService) -> None:
        model = lab.create_model("challenge")
        panel = predictions_panel(lab.snapshot(model.id).predict([[1, 2, 3]] * 1000))
        assert panel.count("<tr") == MAX_ROWS + 1
        assert "and 800 more vectors" in panel
        assert "of 1,000 right" in panel
