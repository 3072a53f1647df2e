"""The parcel: what of Gradio's front end is in it, and how the page asks for it."""

from gzip import decompress
from pathlib import Path

import pytest

from service import TrainingService
from ui import build_ui, static
from ui.parcel.chunks import Unfamiliar, chunks
from ui.parcel.parcel import packed
from ui.parcel.serving import FRONT_END, kinds_of, parcel_for

HTML = (
    '<head><script type="module" crossorigin src="./assets/index-1.js"></script>'
    '<link rel="stylesheet" crossorigin href="./assets/index-2.css"></head>'
)
ASSETS = {
    "index-1.js": 'm.f=["./Index-3.js","./index-2.css"];v(()=>import(`./Index-3.js`),__vite__mapDeps([0,1]))',
    "Index-3.js": 'm.f=["./Blocks-4.js","./core-5.js"];(async()=>{await import(`./Blocks-4.js`)},'
    "__vite__mapDeps([0,1]))",
    "Blocks-4.js": "",
    "core-5.js": 'm.f=["./Index-6.js","./button-7.css","./Index-8.js"];var map={button:{example:()=>v(()=>'
    "import(`./Index-8.js`),__vite__mapDeps([2])),component:()=>v(()=>import(`./Index-6.js`),"
    "__vite__mapDeps([0,1]))},row:{component:()=>v(()=>import(`./Index-8.js`),__vite__mapDeps([2]))}}",
    "Index-6.js": 'import{a}from"./index-1.js";import"./core-5.js";a(()=>import(`./Index-8.js`),import.meta.url)',
    "button-7.css": "button{}",
}


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    """A front end of two kinds of components."""
    for name, text in ASSETS.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_what_is_needed_are_the_frame_and_the_kinds_but_what_the_page_names_itself(assets: Path) -> None:
    frame = ["Index-3.js", "Blocks-4.js", "core-5.js"]
    assert chunks(HTML, assets, []) == frame
    assert chunks(HTML, assets, ["button"]) == [*frame, "Index-6.js", "button-7.css"]
    assert chunks(HTML, assets, ["row", "button"]) == [*frame, "Index-6.js", "button-7.css", "Index-8.js"]


@pytest.mark.parametrize(("html", "kinds"), [("<head></head>", []), (HTML, ["slider"])])
def test_a_front_end_that_is_built_in_another_way_is_said_to_be(
    assets: Path, html: str, kinds: list[str]
) -> None:
    with pytest.raises(Unfamiliar):
        chunks(html, assets, kinds)


def test_the_page_asks_for_the_script_before_gradio_s_and_for_the_styles_after(assets: Path) -> None:
    parcel = packed(assets, ["Index-6.js", "button-7.css"])
    script, sheet = parcel.files
    assert parcel.into(HTML) == (
        f'<head><script>{static.script("root")}</script><script src="./parcel/{script}"></script>'
        + HTML.removeprefix("<head>").removesuffix("</head>")
        + f'<link rel="stylesheet" href="./parcel/{sheet}"></head>'
    )
    assert decompress(parcel.files[sheet]).decode() == "button{}"


def test_modules_name_each_other_in_a_way_that_holds_wherever_they_are(assets: Path) -> None:
    (script, *_) = packed(assets, ["Index-6.js"]).files.values()
    text = decompress(script).decode()
    for specifier in ("index-1.js", "core-5.js", "Index-8.js"):
        assert f"gradio/{specifier}" in text
        assert f"./{specifier}" not in text
    assert "import.meta.url" not in text


def test_files_are_named_by_what_they_hold(assets: Path) -> None:
    before = [*packed(assets, ["Index-6.js"]).files]
    assert [*packed(assets, ["Index-6.js"]).files] == before
    (assets / "Index-6.js").write_text("changed", encoding="utf-8")
    after = [*packed(assets, ["Index-6.js"]).files]
    assert after[0] != before[0]
    assert after[1] == before[1]


def test_other_pages_stay_as_they_are(assets: Path) -> None:
    assert packed(assets, ["Index-6.js"]).into("<head></head>") == "<head></head>"


def test_the_installed_front_end_is_familiar(lab: TrainingService) -> None:
    parcel = parcel_for(kinds_of(build_ui(lab)))
    assert len(parcel.files) == 2
    assert parcel.into((FRONT_END / "index.html").read_text(encoding="utf-8")).count("./parcel/") == 2


def test_without_a_familiar_front_end_the_page_goes_without_a_parcel(
    caplog: pytest.LogCaptureFixture,
) -> None:
    parcel = parcel_for(frozenset(["no such kind"]))
    assert parcel.into(HTML) == HTML
    assert "not built as expected" in caplog.text
