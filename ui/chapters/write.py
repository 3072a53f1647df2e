"""Write: the lab's code, written by the learner, run, and judged by what it does."""

from service import EXERCISES
from ui.book import Book, Chapter
from ui.components.exercises import SCRIPT, exercises_panel
from ui.components.figure import figure
from ui.markup import tag

IDEA = tag(
    "div.poster",
    tag("h2", "Now you write it."),
    tag("p", "It runs here, on real PyTorch, and is judged by what it does."),
)
OFF = tag("p.message", "This server runs no programs, so there is nothing to write here.")


def _lay_out(book: Book) -> None:
    if book.service.programs.enabled:
        figure(exercises_panel(IDEA, EXERCISES), "write-exercises", SCRIPT)
    else:
        figure(tag("div", IDEA, OFF), "write-exercises")


LEARNED = "write a training yourself, and find out why one fails."

CHAPTER = Chapter("write", "Write", _lay_out, LEARNED)
