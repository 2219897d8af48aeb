"""A server of the explorer in a process of its own, and the system's Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import ExitStack, contextmanager

import pytest

from tests.house import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = (
    "there is no Chromium here, in which the explorer is tested: on Debian `apt install chromium`, "
    "or say with CHROMIUM=/path/to/it where it is"
)
PATIENCE = 120_000  # milliseconds: kernels may have to be compiled


def chromium():
    """The program; its absence is a failure, not a reason to skip."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(MISSING, pytrace=False)
    return found


@contextmanager
def serving(*arguments):
    """The address, with its fragment, of a server that is started and stopped."""
    command = [sys.executable, "-m", "sim", "explore", *map(str, arguments), "--port", "0"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def address():
    """The address of the page with the library."""
    with serving("standoff_2021") as link:
        yield link.partition("#")[0]


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def serve():
    """Start a server of the test's own and get its address; it goes after the pages that look at it."""
    with ExitStack() as servers:
        yield lambda *arguments: servers.enter_context(serving(*arguments)).partition("#")[0]


@pytest.fixture
def open_page(browser, address, serve):
    """Open a fragment in a window of its own; at the end nothing may have gone wrong, or been asked of anybody else."""
    contexts, wrong = [], []

    def opened(fragment, *, where=None, **options):
        home = where or address
        context = browser.new_context(**{"viewport": {"width": 1500, "height": 950}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request", lambda request: wrong.append(request.url) if not of_page(request.url, home) else None
        )
        page.goto(f"{home}#{fragment}")
        page.locator("#foot", has_text="cells").wait_for()
        page.locator("#live:not(:empty)").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert wrong == []


def of_page(url, home):
    return url.startswith((home, "blob:", "data:"))


def at_rest(page):
    """Wait until the map is whole and what would have to change is told."""
    page.locator("#foot:not(.old)", has_text="solved and certified,").filter(has_text="All").wait_for()
    page.locator("#tips:not(.old)").wait_for(state="attached")
