"""Predict, then run: one file a subject, each with its questions and what is computed to answer them.

`registry` lists the questions, `quiz` lays them out and keeps the score.
"""
