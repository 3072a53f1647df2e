"""The README's moving picture: the learning rate is dragged, and 50,000 steps run again at every move."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import FloatRect, Page, ViewportSize, expect

from tests.browser.dragging import DRAG

VIEW = ViewportSize(width=1000, height=620)
SEEN = FloatRect(x=132, y=100, width=736, height=432)
"""The part of the page that holds the slider and the curve."""
FRAME_MILLISECONDS = 120
REST_MILLISECONDS = 1500
"""For how long the first frame and the one in the middle stay."""
COLORS = 48
RATES = [-6 + step / 12 for step in range(1, 19)]
"""The slider's positions, as logarithms."""


def take_moving_picture(page: Page, address: str, path: Path) -> None:
    """Drag the slider there and back on the page at `address`, and write the frames to `path`, a GIF."""
    page.goto(f"{address}?chapter=training&__theme=light&learning_rate=0.000001")
    expect(page.locator("#memorize-status")).to_contain_text("50,000 of 50,000")
    page.mouse.move(0, 0)
    slider = page.locator("#memorize-learning-rate").get_by_role("slider").element_handle()
    plot = page.locator("#memorize-plot").element_handle()
    frames = [_frame(page)]
    for rate in [*RATES, *RATES[-2::-1]]:
        page.evaluate(DRAG, [slider, plot, [rate]])
        frames.append(_frame(page))
    rests = (0, len(RATES))
    shown = [REST_MILLISECONDS if each in rests else FRAME_MILLISECONDS for each in range(len(frames))]
    # One palette for all frames, so that what does not change is not written again.
    palette = frames[len(RATES)].quantize(COLORS)
    first, *others = [each.quantize(palette=palette, dither=Image.Dither.NONE) for each in frames]
    first.save(path, save_all=True, append_images=others, duration=shown, loop=0, optimize=True)


def _frame(page: Page) -> Image.Image:
    return Image.open(io.BytesIO(page.screenshot(clip=SEEN))).convert("RGB")
