"""The page: a header, and the chapters as tabs in the lab's order."""

from pathlib import Path
from typing import Any

import gradio as gr

from service import TrainingService
from ui.chapters import autograd, challenge, training
from ui.endpoints import publish
from ui.workbench import Workbench

HEADER = """
# Backprop Lab
Learn what **Backprop**, **Optimize** and **Reset** really do, on real PyTorch.
"""

FONT = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"]
MONO = ["ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace"]


def build_ui(service: TrainingService) -> gr.Blocks:
    """The page and the API over `service`, ready for `launch(**launch_options())`."""
    chapters = [autograd.CHAPTER, training.CHAPTER, challenge.chapter(service.datasets())]
    with gr.Blocks(title="Backprop Lab", analytics_enabled=False) as page:
        gr.Markdown(HEADER, elem_classes="header")
        with gr.Tabs():
            for number, chapter in enumerate(chapters, start=1):
                with gr.Tab(f"{number}. {chapter.tab}", id=chapter.task):
                    Workbench(service, chapter, page)
        publish(service)
    # Events only watch jobs, so as many may be under way as there are people.
    return page.queue(default_concurrency_limit=None)


def launch_options() -> dict[str, Any]:
    """How the page looks and is served: the arguments for `gr.Blocks.launch`."""
    return {
        # Of the built-in themes, the only one whose contrasts pass axe.
        "theme": gr.themes.Monochrome(font=FONT, font_mono=MONO, radius_size="md"),
        "css_paths": Path(__file__).parent / "style.css",
        "ssr_mode": False,
        "prevent_thread_lock": True,
        "quiet": True,
        "footer_links": ["api", "settings"],
    }
