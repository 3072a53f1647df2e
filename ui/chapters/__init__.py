"""The chapters of the page, in the lab's order."""
