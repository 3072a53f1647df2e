"""Tests of the example sets."""
