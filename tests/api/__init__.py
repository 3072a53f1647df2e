"""Tests that call a running app with gradio_client."""
