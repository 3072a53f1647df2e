"""For teachers: a link to a chapter as it now stands, without the controls that are ticked."""

from collections.abc import Mapping

from ui.components.parts import button, fold, text_field
from ui.markup import Markup, tag
from ui.static import script

SCRIPT = script("teachers")
"""Shows the controls of the open chapter, and keeps the link up to date with them and with the address."""

PARTS = {"bench": "one press at a time", "orders": "six orders", "never": "without Reset"}
PARTS |= {"downhill": "not squared", "rates": "every learning rate"}
"""What distinguishes controls of the same label: the part of the chapter before the point in their names."""


def teachers_panel(chapters: Mapping[str, Mapping[str, str]], tabs: Mapping[str, str]) -> Markup:
    """The panel: for each chapter its controls, as labels by the names that an address has; and its tab."""
    return fold(
        "panel.teachers",
        "For teachers: make a link",
        tag("p", "Set a chapter up as your learners should find it. Tick what they should not see."),
        # In the page once the panel is opened: until then the labels are those of the controls alone.
        tag("template", (_controls(name, tabs[name], labels) for name, labels in chapters.items())),
        tag("label.teachers-label", "The link", for_="teachers-link"),
        tag(
            "div.teachers-link",
            text_field("teachers-link", readonly=True),
            button("quiet", "Copy", data_copy=True),
        ),
        tag("p.teachers-said", role="status"),
    )


def _controls(chapter: str, tab: str, labels: Mapping[str, str]) -> Markup:
    boxes = (
        tag("label", tag("input", type="checkbox", value=name), tag("span", _told(name, label)))
        for name, label in labels.items()
    )
    return tag(
        "fieldset",
        tag("legend", f"Hide in {tab}"),
        boxes if labels else tag("p", "This chapter has no controls to hide."),
        data_chapter=chapter,
        data_tab=tab,
        hidden=True,
    )


def _told(name: str, label: str) -> str:
    part = PARTS.get(name.split(".")[0])
    return f"{label} ({part})" if part else label
