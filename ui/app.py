"""The page: a header, and the chapters as tabs in the lab's order."""

import inspect
import sys
from collections.abc import Sequence
from typing import Any

import gradio as gr
from gradio.themes import Base, Monochrome
from starlette.middleware import Middleware

from service import TrainingService, __version__
from ui.book import Book
from ui.chapters import autograd, challenge, mistakes, module, notebook, runs, tensors, training, write
from ui.components.closing import closing
from ui.components.figure import figure
from ui.components.teachers import SCRIPT as TEACHERS
from ui.components.teachers import teachers_panel
from ui.components.terms import SCRIPT as TERMS
from ui.components.terms import terms
from ui.endpoints import publish
from ui.errors import Page
from ui.events import QUIET
from ui.gateway import gateway
from ui.gateway.health import health
from ui.layout import Layout, Memory
from ui.links import keep_address
from ui.markup import Markup, join, tag
from ui.opening import Opening
from ui.parcel import ROUTES, Delivery
from ui.questions.quiz import Quiz
from ui.rate import Rate, use_this_queue
from ui.refusals import SCRIPT as REFUSALS
from ui.served import served
from ui.server import use_this_server
from ui.sessions import use_these_sessions
from ui.static import FOLDER, STYLES, script
from ui.unfurling import unfurling
from ui.waker import wake_by_hand
from ui.workspace import remember_workspace

HEADER = "# Backprop Lab"
ABOUT = f"""
Made from a lab of an introductory PyTorch course, "Your first neural network": here, "the lab".
This is version {__version__}.
"""
FORGETS = """
This Space forgets at a restart, which may be at any time: models, runs and data of your own go. A link to a
run trains it again.
"""

CHAPTERS = (
    tensors.CHAPTER,
    autograd.CHAPTER,
    module.CHAPTER,
    training.CHAPTER,
    challenge.CHAPTER,
    mistakes.CHAPTER,
    write.CHAPTER,
    runs.CHAPTER,
    notebook.CHAPTER,
)

FILE_LIFETIME_SECONDS = 60 * 60
"""For how many seconds a file that was asked for can be fetched."""

HEAD = ("storage", "fetched", "numbers", "loss_picture", "loss_plot")
"""The scripts that stand on the page once, before its parts use them."""

STATUS_SECONDS = 5.0
"""How often those who wait are told their places."""

FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]


def build_ui(service: TrainingService, *, forgets: bool = False) -> gr.Blocks:
    """The page and the API over `service`, ready for `launch(**launch_options(service))`.

    `forgets`: whether the page has to say that a restart forgets what is kept.
    """
    use_this_server()
    use_these_sessions()
    use_this_queue()
    with Page(
        title="Backprop Lab",
        analytics_enabled=False,
        delete_cache=(FILE_LIFETIME_SECONDS, FILE_LIFETIME_SECONDS),
    ) as page:
        lacks = [] if service.programs.enabled else ["programless"]
        # Gradio finds a component by walking the tree of all of them, for each input and output of an event,
        # so the page stands before the endpoints. But an endpoint that is made after a private event of the
        # same name would be renamed.
        with gr.Column(elem_classes=["page", *lacks]) as place:
            pass
        publish(service)
        opening = Opening(chapter.name for chapter in CHAPTERS)
        with place:
            gr.Markdown(HEADER, elem_classes="header")
            figure(terms(), "terms", TERMS)
            wake_by_hand()
            # What is remembered is made outside the tabs.
            workspace = remember_workspace(service, opening)
            predictions = Quiz(opening, service)
            memories = {chapter.trains: Memory(chapter.trains) for chapter in CHAPTERS if chapter.trains}
            benches: dict[str, Layout] = {}
            homes = {chapter.trains: chapter.name for chapter in CHAPTERS if chapter.trains}
            with gr.Tabs(selected=autograd.CHAPTER.name):
                for number, chapter in enumerate(CHAPTERS, start=1):
                    following = CHAPTERS[number : number + 1]
                    with gr.Tab(f"{number}. {chapter.tab}", id=chapter.name) as tab:
                        chapter.lay_out(
                            Book(service, opening, predictions, workspace, tab, memories, benches, homes)
                        )
                        closing(
                            chapter.name,
                            chapter.learned,
                            next(((each.name, f"{number + 1}. {each.tab}") for each in following), None),
                        )
            gr.Markdown(f"{FORGETS}{ABOUT}" if forgets else ABOUT, elem_classes="hint")
            tabs = {chapter.name: chapter.tab for chapter in CHAPTERS}
            figure(teachers_panel(opening.chapters, tabs), "teachers", TEACHERS)
        page.controls = opening.controls
        page.rate = Rate(service.limits)
        opening.wire(page, **QUIET)
        page.load(None, js=REFUSALS, api_visibility="private")
        keep_address(page, set().union(*opening.chapters.values()))
    _keep_signatures(page)
    # Events only watch jobs, so as many may be under way as there are people.
    # What skips the queue is answered with a 500 where it is refused, so everything has to go through it.
    # And all who wait are else told their places anew whenever one's turn comes, which would take as long.
    page.queue(default_concurrency_limit=None, api_open=False, status_update_rate=STATUS_SECONDS)
    # Statistics that nobody reads are else computed of the last 10,000 events after each event.
    page._queue.ANALYTICS_MAX_EVENTS, page._queue.ANAYLTICS_CACHE_FREQUENCY = 0, sys.maxsize
    return page


def _keep_signatures(page: gr.Blocks) -> None:
    """Have the signatures of the components' constructors at hand.

    Gradio asks for one whenever it sends or makes a component, which were half the work of opening a page.
    """
    for kind in {type(block) for block in page.blocks.values()}:
        constructor: Any = inspect.unwrap(kind.__init__)
        constructor.__signature__ = inspect.signature(constructor)


def launch_options(
    service: TrainingService, trusted_proxies: Sequence[str] = (), address: str = ""
) -> dict[str, Any]:
    """How the page looks and is served: the arguments for `gr.Blocks.launch`.

    `trusted_proxies` are as for `ui.gateway.gateway`; `address` is where the page is, if that is known.
    """
    told = unfurling({chapter.name: chapter for chapter in CHAPTERS}, autograd.CHAPTER.name, address)
    app = gateway(trusted_proxies, service.limits.request_megabytes)
    return {
        "theme": theme(),
        "css_paths": STYLES,
        "head": join(tag("script", Markup(script(name))) for name in HEAD),
        "favicon_path": FOLDER / "favicon.svg",
        "ssr_mode": False,
        "mcp_server": True,
        "app_kwargs": {
            **app,
            "middleware": [*app["middleware"], Middleware(Delivery, told=told)],
            "routes": [*ROUTES, health(service), served(service)],
        },
        "run_history": False,
        "max_file_size": "10mb",
        "max_threads": service.limits.calls_at_once,  # not of threads: of events that may be under way
        "prevent_thread_lock": True,
        "quiet": True,
        # Whether the page can be reached from here is not tried: on a busy machine it would be given up.
        "_frontend": False,
        "enable_monitoring": False,
        "footer_links": ["api", "settings"],
    }


def theme() -> Base:
    """Monochrome, the one built-in theme whose contrasts pass axe, with blue for what to press first."""
    blue = {"button_primary_background_fill": "#1d4ed8", "button_primary_background_fill_hover": "#1e40af"}
    dark = {f"{name}_dark": value for name, value in blue.items()}
    return Monochrome(font=FONT, font_mono=MONO, radius_size="md").set(
        **blue,
        **dark,
        body_background_fill="var(--lab-paper)",
        body_background_fill_dark="var(--lab-paper)",
        body_text_color="var(--lab-ink)",
        body_text_color_dark="var(--lab-ink)",
        block_background_fill="var(--lab-surface)",
        block_background_fill_dark="var(--lab-surface)",
        button_primary_text_color="white",
        button_primary_text_color_dark="white",
        # Its own does not show in the dark which radio button is chosen, but for the dot.
        checkbox_label_background_fill_selected_dark="*button_primary_background_fill",
        checkbox_label_text_color_selected_dark="*button_primary_text_color",
        button_secondary_border_color="*neutral_300",
        button_secondary_border_color_dark="*neutral_600",
        button_secondary_border_color_hover="*neutral_500",
        button_secondary_background_fill_hover="*neutral_100",
        button_secondary_background_fill_hover_dark="*neutral_600",
        # Its own fades the words of a button under the pointer to a contrast of 2.5.
        button_secondary_text_color_hover="*button_secondary_text_color",
        button_secondary_text_color_hover_dark="*button_secondary_text_color",
    )
