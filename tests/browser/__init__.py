"""Tests that use a running app in a real Chromium."""
