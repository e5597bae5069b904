"""How a page is measured: when it has come with its style and its scripts, and no piece of it is on its way."""

from playwright.sync_api import Page

ON_ITS_WAY = ".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added"
SMALL = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(one => one.getClientRects().length && getComputedStyle(one).display !== 'inline' && !one.closest('.visually-hidden'))
    .map(one => (one.closest('.form-check') || one))
    .filter(one => { const box = one.getBoundingClientRect(); return box.height && (box.height < 43.5 || box.width < 43.5); })
    .map(one => one.outerHTML.slice(0, 90))"""


def still(page: Page) -> Page:
    """The page, once its files are here and htmx has put in its place what it asked for."""
    page.wait_for_load_state("load")
    page.wait_for_function("pieces => document.querySelector(pieces) === null", arg=ON_ITS_WAY)
    return page


def too_small(page: Page) -> list[str]:
    """What a thumb would miss: links, buttons, fields under 44 px, as the first 90 characters of their HTML."""
    return still(page).evaluate(SMALL)


def too_wide(page: Page) -> int:
    """By how many pixels the page is wider than the screen; 0 where nothing moves sideways."""
    # the inner width would grow with what sticks out: a phone zooms out to show it
    return still(page).evaluate("document.documentElement.scrollWidth") - page.viewport_size["width"]


def look_for(page: Page, text: str) -> None:
    """Type letter by letter into the page's search, once it stands there and listens."""
    box = page.get_by_role("searchbox")
    box.wait_for()
    still(page)
    box.press_sequentially(text)
