"""A place for markup of our own."""

import gradio as gr


def figure(markup: str, elem_id: str, script: str | None = None) -> gr.HTML:
    """A part of the page that holds `markup`, styled by the page's own styles alone."""
    return gr.HTML(markup, elem_id=elem_id, apply_default_css=False, elem_classes="figure", js_on_load=script)
