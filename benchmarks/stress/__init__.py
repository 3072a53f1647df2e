"""What the lab promises under stress, each promise measured against a real server."""
