"""What a learner takes home: programs, notebooks, files and links."""
