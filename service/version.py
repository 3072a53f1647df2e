"""The version of the lab: in the page's foot, /tasks and exports."""

__version__: str = "1.0.0"
