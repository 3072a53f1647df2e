"""A learner's program: what it may say, the process it runs in, and what is told of it."""
