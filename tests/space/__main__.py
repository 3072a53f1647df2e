"""Reproduce a Space, and train on it in a browser: `make space`.

A fresh environment with what a Space installs, in its order; the slim folder, read-only; an ordinary user with
a fresh home; a Space's variables; the page in a frame of another site, where the browser keeps nothing.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Frame, expect, sync_playwright

from tests.browser.chromium import FLAGS, find_chromium
from tests.space.files import put_together

PORT = 7860
USER = 1000
MAX_SECONDS = 60.0
"""From the start to the end of the first training."""
PATIENCE_SECONDS = 300.0
BASE = ("datasets", "huggingface-hub>=0.30", "hf-transfer>=0.1.4", "protobuf")
"""What Python packages a Space's image has."""
ADDED = ("uvicorn>=0.14.0", "websockets>=10.4", "spaces")
"""What a Space adds to gradio."""
OUTSIDE = "http://localhost/space"
FRAMES = "".join(
    f'<iframe style="width: 100%; height: 860px" src="http://127.0.0.1:{PORT}/{path}"></iframe>'
    for path in ("?chapter=autograd", "health")
)
BLOCKED = {"profile": {"default_content_setting_values": {"cookies": 2}}}
"""Chromium's preferences in which a frame of another site is granted no storage."""


def environment(home: Path) -> dict[str, str]:
    """The variables of a Space's process."""
    return {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "PYTHONUNBUFFERED": "1",
        "SYSTEM": "spaces",
        "SPACE_ID": "owner/backprop-lab",
        "SPACE_HOST": "owner-backprop-lab.hf.space",
        "SPACE_AUTHOR_NAME": "owner",
        "SPACE_REPO_NAME": "backprop-lab",
        "SPACE_TITLE": "Backprop Lab",
        "GRADIO_SERVER_NAME": "0.0.0.0",
        "GRADIO_SERVER_PORT": str(PORT),
        "GRADIO_ALLOW_FLAGGING": "never",
        "GRADIO_NUM_PORTS": "1",
        "GRADIO_THEME": "huggingface",
        "GRADIO_ANALYTICS_ENABLED": "False",
        "CPU_CORES": "2",
        "MEMORY": "16Gi",
    }


def install(python: Path, app: Path) -> None:
    """What a Space installs, in its order."""
    version = re.search(r"^sdk_version: (\S+)$", (app / "README.md").read_text(encoding="utf-8"), re.M)
    assert version is not None
    pip = [python, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--retries", "0"]
    for wanted in (
        BASE,
        ("-r", str(app / "pre-requirements.txt")),
        ("-r", str(app / "requirements.txt")),
        (f"gradio[oauth,mcp]=={version[1]}", *ADDED),
    ):
        print(f"Installing {' '.join(wanted).replace(f'{app}/', '')} ...", flush=True)
        subprocess.run([*pip, *wanted], check=True)
    subprocess.run([python, "-m", "pip", "check"], check=True)


def as_user(command: Sequence[str | Path]) -> list[str | Path]:
    """The command, run as an ordinary user: as the one of a Space where this is root's process."""
    if os.getuid() != 0:
        return [*command]
    return ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", *command]


def need_python_for_user(python: Path) -> None:
    """Exit with a sentence where the user may not run this Python: one below root's home, say."""
    if subprocess.run(as_user([python, "-c", ""]), stderr=subprocess.DEVNULL, check=False).returncode != 0:
        sys.exit(f"User {USER} may not run {python.resolve()}: run this as an ordinary user.")


def wait_for_page(process: "subprocess.Popen[bytes]") -> None:
    """Return once it is served. Exits where it never will be."""
    while process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{PORT}/") as answer:
            answer.read()
            return
        time.sleep(0.05)
    sys.exit(f"The Space has ended with exit code {process.returncode}.")


def train_in_frame(profile: Path, started: float) -> tuple[float, float]:
    """Seconds from the start to the page that can be used, and to the end of a training."""
    (profile / "Default").mkdir(parents=True)
    (profile / "Default" / "Preferences").write_text(json.dumps(BLOCKED), encoding="utf-8")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=find_chromium(), args=FLAGS, viewport={"width": 1280, "height": 900}
        )
        context.grant_permissions(["local-network-access"])
        context.route(OUTSIDE, lambda route: route.fulfill(body=FRAMES, content_type="text/html"))
        page = context.new_page()
        page.goto(OUTSIDE)
        frame = page.frame_locator("iframe").first
        expect(frame.locator("#score p:not([aria-busy])")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
        opened = time.monotonic() - started
        frame.get_by_role("tabpanel").get_by_role("button", name="Train", exact=True).click()
        expect(frame.locator("#product-parameters")).to_contain_text(
            "var_1 = tensor(3.4505)", timeout=PATIENCE_SECONDS * 1000
        )
        trained = time.monotonic() - started
        expect(frame.get_by_text("This Space forgets at a restart")).to_have_count(
            0 if os.access("/data", os.W_OK) else 1
        )
        need_no_storage(page.frames[-1])
        context.close()
    return opened, trained


def need_no_storage(frame: Frame) -> None:
    """Exit where the browser grants the frame storage, which has no page of the lab's to stand in for it."""
    said = frame.evaluate("() => { try { return String(localStorage); } catch (e) { return e.name; } }")
    if said != "SecurityError":
        sys.exit(f"The browser grants the frame storage: {said}.")


def main() -> None:
    """Make one, train on it, say how long that took, and take it away."""
    with tempfile.TemporaryDirectory(prefix="space-") as folder:
        place = Path(folder)
        app, home = place / "app", place / "home"
        home.mkdir()
        size = put_together(app)
        print(f"The folder of the Space: {size / 1e6:.2f} MB", flush=True)
        subprocess.run([sys.executable, "-m", "venv", place / "venv"], check=True)
        place.chmod(0o755)
        need_python_for_user(place / "venv/bin/python")
        install(place / "venv/bin/python", app)
        subprocess.run(["chmod", "-R", "a-w,a+rX", app], check=True)
        if os.getuid() == 0:
            os.chown(home, USER, USER)
        started = time.monotonic()
        process = subprocess.Popen(
            as_user([place / "venv/bin/python", "app.py"]), cwd=app, env=environment(home)
        )
        try:
            wait_for_page(process)
            served = time.monotonic() - started
            opened, trained = train_in_frame(place / "profile", started)
        finally:
            process.terminate()
            process.wait(timeout=30)
            subprocess.run(["chmod", "-R", "u+w", app], check=True)
        print(
            f"Seconds from the start: {served:.1f} until it serves, {opened:.1f} until the page can be used,"
            f" {trained:.1f} until the first training has ended (at most {MAX_SECONDS:.0f}).",
            flush=True,
        )
    sys.exit(trained > MAX_SECONDS)


if __name__ == "__main__":
    main()
