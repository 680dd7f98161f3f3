"""The reader in a browser, as a person uses it."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tasks.core.documents import Document
from tasks.core.documents import Page as SourcePage
from tasks.core.outputs import Citation, CitationStatus
from tasks.write.html.render import render_html
from tests.write.docx.test_render import HOSTILE
from tests.write.made import a_source, an_output, placed

pytestmark = pytest.mark.full

CHROMIUM = "/usr/bin/chromium"
WORDS = """supplier buyer shall deliver goods notice term payment liability clause party agreement
written consent within days after date of the and to in by for any under this such""".split()  # noqa: SIM905
# The bar of two seconds is for the machine as it is: a busy one is told by its own slowness.
INTERACTIVE_MS = 2000


def a_document(pages: int, *, lines: int = 12) -> Document:
    """Make a document whose every line is told apart by a number of its own."""
    words = random.Random(7)
    texts = [
        "\n".join(
            f"{n}.{line} " + " ".join(words.choices(WORDS, k=35)) + "." for line in range(lines)
        )
        for n in range(1, pages + 1)
    ]
    text = "\n\f".join(texts)
    starts = [0]
    for each in texts:
        starts.append(starts[-1] + len(each) + 2)
    return Document(
        digest="d",
        text=text,
        pages=tuple(
            SourcePage(number=n, start=start, end=start + len(each))
            for n, (start, each) in enumerate(zip(starts[:-1], texts, strict=True), start=1)
        ),
    )


def cited(document: Document, count: int) -> tuple[str, tuple[Citation, ...]]:
    """Make an answer that quotes the document, here found, there approximately, there not."""
    body, citations = [], []
    for n in range(count):
        page = document.pages[n * len(document.pages) // count]
        start = document.text.index(" ", page.start + 40 * (n % 7)) + 1
        end = document.text.index(" ", start + 60)
        quote = document.text[start:end].replace("\n", " ")
        status = (CitationStatus.FOUND, CitationStatus.APPROXIMATE)[n % 5 == 4]
        place = {"page": page.number, "start": start, "end": end}
        if n % 9 == 8:
            quote, status, place = f"never said {n} anywhere at all", CitationStatus.NOT_FOUND, {}
        citations.append(
            Citation(quote=quote, status=status, cited_page=page.number, **place)  # type: ignore[arg-type]
        )
        head = f"## Part {n // 20}\n\n" * (n % 20 == 0)
        body.append(f"{head}It says “{quote}” [p. {page.number}]. Nothing else bears on it.\n\n")
    text = "".join(body)
    return text, placed(text, *citations)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield context.new_page()


def heard(page: Page) -> list[str]:
    """Give a list that fills with what the page asks for and is not refused by its policy."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "requestfailed",
        lambda request: asked.remove(request.url) if request.failure == "csp" else None,
    )
    return asked


@pytest.fixture(scope="module")
def long_reader(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Citation, ...]]:
    document = a_document(200)
    body, citations = cited(document, 120)
    return written(tmp_path_factory.mktemp("reader"), body, citations, document), citations


def written(folder: Path, body: str, citations: tuple[Citation, ...], document: Document) -> Path:
    path = folder / "reader.html"
    output = an_output(body, citations=citations)
    path.write_bytes(render_html(output, a_source(documents={"": document})))
    return path


def is_in_sight(page: Page, selector: str) -> bool:
    inside: bool = page.locator(selector).first.evaluate(
        """element => {
            const box = element.getBoundingClientRect();
            const frame = element.closest("aside, main").getBoundingClientRect();
            return box.bottom > frame.top && box.top < frame.bottom;
        }"""
    )
    return inside


def test_each_citation_leads_to_its_passage(
    page: Page, long_reader: tuple[Path, tuple[Citation, ...]]
) -> None:
    path, citations = long_reader
    page.goto(path.as_uri())
    links = page.locator("article a.cite")

    assert links.count() == len(citations)
    for n, citation in enumerate(citations, start=1):
        links.nth(n - 1).click()
        page.wait_for_timeout(0)
        if citation.status is CitationStatus.NOT_FOUND:
            assert is_in_sight(page, f"#c{n}"), n
            assert page.locator("mark.on").count() == 0
            continue
        marked = " ".join("".join(page.locator("mark.on").all_text_contents()).split())
        assert marked == citation.quote, n
        assert is_in_sight(page, "mark.on"), n
        section = page.locator("section:has(mark.on)").first
        assert section.get_attribute("data-page") == f"Page {citation.page}"


def test_statuses_and_uncited_sentences_look_different(
    page: Page, long_reader: tuple[Path, tuple[Citation, ...]]
) -> None:
    path, citations = long_reader
    page.goto(path.as_uri())
    looks = {
        status: page.locator(f"article a.{status}").first.evaluate(
            "e => getComputedStyle(e).color + getComputedStyle(e).borderStyle"
        )
        for status in CitationStatus
    }

    assert len(set(looks.values())) == 3
    assert page.locator("article .uncited").count() == len(citations)


def test_search_finds_and_walks_through_source_and_answer(
    page: Page, long_reader: tuple[Path, tuple[Citation, ...]]
) -> None:
    page.goto(long_reader[0].as_uri())
    page.keyboard.press("/")
    page.keyboard.type("150.7 ")
    expect(page.locator("output")).to_have_text("1 found")
    page.keyboard.press("Enter")

    assert page.locator("output").inner_text() == "1 of 1"
    assert page.evaluate("getSelection().toString()") == "150.7 "
    assert is_in_sight(page, "#p150")
    page.keyboard.press("Escape")
    assert page.locator("output").inner_text() == ""


def test_the_keyboard_walks_the_citations_and_the_doubtful_ones(
    page: Page, long_reader: tuple[Path, tuple[Citation, ...]]
) -> None:
    page.goto(long_reader[0].as_uri())
    shown = []
    for key in "jjkdd":
        page.keyboard.press(key)
        shown.append(page.locator("a.cite.on").get_attribute("data-cite"))

    assert shown == ["1", "2", "1", "5", "9"]
    assert page.evaluate("document.activeElement.dataset.cite") == "9"


def test_a_reader_of_600_pages_is_soon_ready(page: Page, tmp_path: Path) -> None:
    document = a_document(600)
    body, citations = cited(document, 300)
    path = written(tmp_path, body, citations, document)
    page.goto(path.as_uri(), wait_until="load")
    timing = page.evaluate(
        """() => new Promise(done => requestAnimationFrame(() => setTimeout(() => {
            document.querySelectorAll("article a.cite")[200].click();
            requestAnimationFrame(() => setTimeout(() => done(performance.now())));
        })))"""
    )

    assert page.locator("mark.on").count() >= 1
    assert len(path.read_bytes()) > 1_500_000
    assert timing < INTERACTIVE_MS


def test_no_request_leaves_and_hostile_text_does_nothing(page: Page, tmp_path: Path) -> None:
    hostile = f"{HOSTILE} <img src=x onerror=alert(1)> </script><script>alert(2)</script>"
    document = Document(digest="d", text=hostile)
    asked, problems = heard(page), list[str]()
    page.on("dialog", lambda dialog: problems.append(dialog.message))
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    path = written(tmp_path, hostile + "\n\n[web](https://example.org/)\n", (), document)
    page.goto(path.as_uri(), wait_until="networkidle")

    assert asked == [path.as_uri()]
    assert problems == []
    assert page.locator("main a").all_inner_texts() == ["web"]
    assert page.locator("img, iframe, form, object").count() == 0
    assert "\u202e" not in page.locator("body").inner_text()


def test_the_policy_refuses_what_is_not_ours(page: Page, tmp_path: Path) -> None:
    path = written(tmp_path, "text", (), Document(digest="d", text="text"))
    asked = heard(page)
    page.goto(path.as_uri())
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = true";
            document.body.append(script);
            const image = document.createElement("img");
            image.src = "https://example.org/x.png";
            document.body.append(image);
        }"""
    )
    page.wait_for_timeout(100)

    assert page.evaluate("window.ran") is None
    assert asked == [path.as_uri()]


def test_a_phone_shows_both_sides_without_scrolling_sideways(
    browser: Browser, long_reader: tuple[Path, tuple[Citation, ...]]
) -> None:
    with browser.new_context(viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(long_reader[0].as_uri())
        page.locator("article a.cite").first.click()

        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert is_in_sight(page, "mark.on")
        assert page.locator("main").bounding_box()["height"] > 300  # type: ignore[index]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_by_day_and_by_night(
    browser: Browser, scheme: str, long_reader: tuple[Path, tuple[Citation, ...]]
) -> None:
    with browser.new_context(color_scheme=scheme) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(long_reader[0].as_uri())
        ink, paper = (
            page.evaluate(f"getComputedStyle(document.body).{name}.match(/\\d+/g).map(Number)")
            for name in ("color", "backgroundColor")
        )

        assert abs(sum(ink) - sum(paper)) > 450
        assert (sum(paper) > 600) is (scheme == "light")


def test_on_paper_the_answer_stands_alone(
    page: Page, long_reader: tuple[Path, tuple[Citation, ...]]
) -> None:
    page.goto(long_reader[0].as_uri())
    page.emulate_media(media="print")

    assert page.locator("article").is_visible()
    assert not page.locator("aside").is_visible()
    assert not page.locator("header").is_visible()
