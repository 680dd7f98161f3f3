"""Prefect's pages in a real browser, as a person goes through them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Locator, Page, expect, sync_playwright

CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE_MS = 60_000


@contextmanager
def a_page() -> Iterator[Page]:
    """Open a browser's page; what it asks for in vain is a failure of the test."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        page = browser.new_page(viewport={"width": 1280, "height": 1100}, accept_downloads=True)
        page.set_default_timeout(PATIENCE_MS)
        try:
            yield page
        finally:
            browser.close()


def field(page: Page, label: str) -> Locator:
    """Find a field of a form by the beginning of its label."""
    labels = page.locator(".schema-form-property__label", has_text=re.compile(f"^{label}"))
    return page.locator(".p-label.schema-form-property").filter(has=labels).last


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a drop-down; one of several stays open, so the click goes elsewhere then."""
    field(page, label).locator(".p-select-button__icon").click()
    page.get_by_role("option", name=option, exact=True).click()
    page.mouse.click(1, 1)


def options(page: Page, label: str) -> list[str]:
    """Give what a drop-down offers."""
    field(page, label).locator(".p-select-button__icon").click()
    page.get_by_role("option").first.wait_for()
    offered = page.get_by_role("option").all_inner_texts()
    page.mouse.click(1, 1)
    return offered


def open_run(page: Page, ui: str, flow_run: str, tab: str = "") -> None:
    """Go to the page of a flow run."""
    page.goto(f"{ui}/runs/flow-run/{flow_run}", wait_until="domcontentloaded")
    if tab:
        page.get_by_text(tab, exact=True).click()


def shows(page: Page, text: str) -> None:
    """Wait until the page shows a text."""
    expect(page.get_by_text(text).first).to_be_visible(timeout=PATIENCE_MS)


def photograph(page: Page, folder: Path, name: str) -> None:
    """Keep a picture of the page, for a person to look at."""
    page.screenshot(path=folder / f"{name}.png")
