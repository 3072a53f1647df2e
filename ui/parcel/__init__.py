"""How the page gets to a browser: what it needs of Gradio's front end in two files, not in eighty."""

from ui.parcel.serving import ROUTES, Delivery

__all__ = ["ROUTES", "Delivery"]
