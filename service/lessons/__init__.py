"""The lessons' own computations: each takes what a learner chose and gives records, from real PyTorch.

Pure functions, without models, jobs or a store: what is asked twice is answered the same.
"""
