"""A headless Chromium of the system's own."""

import shutil

# Without these, Chromium looks up its maker's hosts at every start.
FLAGS = [
    # Pages of its own for the address line, which take a quarter of the time of a test.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,HttpsUpgrades,Translate",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
    # The page's scripts are compiled once, and not for every page of a profile.
    "--process-per-site",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """The path of the installed Chromium or Chrome."""
    return next(filter(None, map(shutil.which, NAMES)), None)
