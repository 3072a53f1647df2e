"""Files of examples that people add: how they are read, and how they are kept."""
