"""The command line: `python -m service`."""

if __name__ == "__main__":
    # Imported here, and not in every worker again.
    from service.command.app import app

    app()
