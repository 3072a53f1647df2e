"""Exercises to be written: each says what to do, and judges a program by what happened when it ran."""
