"""The tests mirror the code: one file a module, and real clients at the edges."""
