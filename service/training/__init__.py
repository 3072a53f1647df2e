"""A training, slice by slice: what it learns from, how it goes on, how it ended, and the same once more."""
