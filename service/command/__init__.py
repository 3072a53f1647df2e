"""The lab's command line, `python -m service`: one file for each command."""
