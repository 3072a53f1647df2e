"""notebooks/: each runs as it stands, with one line changed, and says what is true."""
