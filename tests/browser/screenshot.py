"""The README's picture of the explorer, taken anew: ``make screenshot``."""

from __future__ import annotations

from playwright.sync_api import sync_playwright

from tests.browser.conftest import PATIENCE, at_rest, chromium, serving
from tests.house import ROOT

TAKEN = ROOT / "docs" / "explorer.png"
VIEW = "scenario=standoff_2021&x=threat:0:4&y=face_cost:0:4&threat=1.5"
SIZE = {"width": 1500, "height": 900}

PAINTED = """() => Array.from(document.querySelectorAll(".track canvas")).every(
    (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, 1).data.some((value) => value))"""


def main():
    with serving("standoff_2021") as link, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(PATIENCE)
        page.goto(f"{link.partition('#')[0]}#{VIEW}")
        at_rest(page)
        page.wait_for_function(PAINTED)
        page.screenshot(path=TAKEN)
        browser.close()


if __name__ == "__main__":
    main()
