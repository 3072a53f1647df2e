"""What stands beside the code says the same as the code: version, citation, changes, workflow, and the site."""

import re
from typing import Any

import pytest
import yaml

from docs.hooks import PLACE, on_page_markdown
from service import __version__
from tests.conftest import ROOT
from tests.ui.test_app import CONTRACT

SITE: dict[str, Any] = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
PAGES = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}


def test_all_name_one_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = re.findall(
        r"^## \[(\d\S*)\] - (\S+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert changes[0] == (__version__, citation["date-released"])
    assert citation["version"] == __version__


def test_the_workflow_runs_what_is_run_here() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    commands = [step["run"] for step in workflow["jobs"]["test"]["steps"] if "run" in step]
    given = [command for command in commands if command.startswith("make ")]
    assert given == re.search(r"```bash\n(.*?)\n```", _contributing(), re.DOTALL)[1].splitlines()  # pyright: ignore[reportOptionalSubscript]
    assert "make test" in given
    assert (ROOT / ".ci/run").read_text(encoding="utf-8").endswith("make lint test\n")


def _contributing() -> str:
    return (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_types_are_told_to_those_who_import() -> None:
    assert all((ROOT / package / "py.typed").is_file() for package in ("service", "ui", "datasets"))


def leaves(nav: list[dict[str, Any]]) -> list[str]:
    """The files of a site's navigation."""
    values = [value for entry in nav for value in entry.values()]
    return [leaf for each in values for leaf in (leaves(each) if isinstance(each, list) else [each])]


def test_every_page_is_in_the_site_once() -> None:
    assert sorted(leaves(SITE["nav"])) == sorted(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_its_links_stay_in_the_site(name: str) -> None:
    linked = re.findall(r"\]\((?!http)([^)#]+)", PAGES[name])
    assert not {path for path in linked if not (ROOT / "docs" / path).is_file()}


def test_the_site_tells_every_parameter_of_every_endpoint() -> None:
    told = on_page_markdown(PAGES["api.md"])
    assert PLACE not in told
    sections = dict(re.findall(r"^### (/\w+)\n(.*?)(?=^### |\Z)", told, re.MULTILINE | re.DOTALL))
    assert {
        name: re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE) for name, text in sections.items()
    } == CONTRACT
    rows = re.findall(r"^\| `\w+` \| .* \| (.*) \|$", told, re.MULTILINE)
    assert all(len(words) >= 20 for words in rows)


def test_a_page_without_endpoints_is_left_as_it_is() -> None:
    assert on_page_markdown(PAGES["glossary.md"]) == PAGES["glossary.md"]
