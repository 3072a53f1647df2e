"""What the lab costs, side by side with what it is built on: `make bench`."""
