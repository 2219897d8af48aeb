"""The widget of a notebook in a bare page: its module wired to a kernel that is this very process."""

from __future__ import annotations

from base64 import b64encode

import pytest

import sim

pytestmark = pytest.mark.browser

HOST = """
async ([source, style]) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
  const { default: { render } } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  const ears = new Set();
  window.told = (messages) => { for (const [words, maps] of messages) for (const ear of ears)
    ear(words, maps.map((map) => new DataView(Uint8Array.from(` ${atob(map)}`, (one) => one.charCodeAt(0)).buffer, 1))); };
  const model = {
    send: (message) => { window.kernel(JSON.parse(JSON.stringify(message))).then(window.told); },
    on: (_, ear) => ears.add(ear), off: (_, ear) => ears.delete(ear),
  };
  window.stolen = 0;
  document.addEventListener("keydown", () => window.stolen++);
  render({ model, el: document.body.appendChild(document.createElement("div")) });
}
"""


@pytest.fixture
def shown(browser, monkeypatch):
    """Show a widget: the page, and what pushes to it whatever was told meanwhile."""
    pages, wrong = [], []

    def show(widget):
        page = browser.new_page(viewport={"width": 1200, "height": 760})
        pages.append(page)
        page.set_default_timeout(60_000)
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        sent = []
        monkeypatch.setattr(
            widget,
            "send",
            lambda words, maps=(): sent.append([words, [b64encode(each).decode() for each in maps]]),
        )

        def taken():
            found, sent[:] = sent[:], []
            return found

        def kernel(message):
            widget.heard(widget, message, [])
            return taken()

        page.expose_function("kernel", kernel)
        page.evaluate(HOST, [widget._esm, widget._css])
        page.locator("li", has_text="%").first.wait_for()
        return page, lambda: page.evaluate("(messages) => window.told(messages)", taken())

    yield show
    for page in pages:
        page.close()
    assert wrong == []


def test_hands_and_the_kernel_move_the_same_values(shown):
    widget = sim.explore("standoff_2021", x="threat", y="face_cost")
    page, push = shown(widget)
    live = page.locator("[aria-live]")
    assert live.inner_text() == "frozen standoff"
    page.get_by_role("button", name="Go there").first.wait_for()  # at rest, what would have to change is told
    slider = page.get_by_role("slider", name="build_up_cost")
    slider.focus()
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    described = widget.dialogue.explored.described()["parameters"]
    step = next(one for one in described if one["name"] == "build_up_cost")["step"]
    page.wait_for_timeout(400)
    assert widget.values["build_up_cost"] == pytest.approx(1.2 + 30 * step)
    canvas = page.get_by_role("application")
    canvas.focus()
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(400)
    assert widget.values["face_cost"] > 3
    assert page.evaluate("window.stolen") == 0
    widget.values["threat"] = 0.5
    push()
    outcomes = widget.solution.outcomes[0]
    assert live.inner_text() == widget.dialogue.told(["point"])[0]["point"]["here"]["words"]
    assert outcomes.shape[0] >= 1
    assert page.get_by_role("slider", name="threat").first.input_value() == "0.5"
    page.get_by_role("button", name="Go there").first.click()
    page.wait_for_timeout(400)
