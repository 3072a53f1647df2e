"""Tests of the page's parts and of the exact set of endpoints."""
