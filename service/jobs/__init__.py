"""What is kept and who computes it: the database, the fair scheduler and the executors under it."""
