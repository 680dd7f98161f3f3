"""Facts that stand in the samples, word for word, each once; their pages are looked up."""

import pypdfium2

from tests.samples.pdfs import PASSWORD
from tests.samples.prose_files import lines_of, pages_of

FACTS = {
    "contract.pdf": (
        "no. MSA-2024-0117 is made on 14 March 2024",
        "registered in Ireland under number 448201",
        "takes effect on 1 April 2024",
        "no later than nine months before the term would otherwise end",
        "the Supplier shall pay EUR 42,000 as liquidated damages, up to a total of EUR 420,000",
        "shall not exceed 12 per cent of the Charges for that month",
        "annual base charge for the first Contract Year is EUR 8,340,000",
        "payable within 45 days of the receipt of a proper invoice",
        "No adjustment shall exceed 3.5 per cent upwards or 1 per cent downwards",
        "37 employees of the former supplier",
        "escrow agent Northquay Custodians",
        "no later than 24 hours after it became aware of it",
        "seven years after the end of this Agreement",
        "cyber insurance of at least EUR 15,000,000 in the aggregate",
        "the greater of EUR 12,500,000 and 150 per cent of the Charges",
        "a separate limit of EUR 20,000,000 in the aggregate",
        "for convenience with 180 days' notice",
        "exit assistance under Schedule E for up to 15 months",
        "governed by the law of Ireland",
        "break charge under Article 23 is EUR 1,950,000",
        "purchase order number BW-77-40213",
        "data protection officer is Dr Maeve Tiernan",
        "a list of 212 topics",
        "Marek Zielinski",
        "Skelligs Field Service Limited, Tralee",
        "with no more than six hours of lost work",
        "the notary Aoife Garvan",
    ),
    "annual-report.docx": (
        "drinking water to 118,400 households",
        "fell from 19.6 to 17.1 per cent",
        "On 18 June the reservoir at Carrock stood at 41 per cent",
        "it would have been 3.4 million pounds",
        "Gwen Astley, who retired in August after thirty-four years",
        "148 millimetres of rain fell at Carrock",
        "from 139 to 125 litres",
        "2,930 service pipes of lead",
        "8,214 votes to 1,077",
        "two of its four engineers in May",
        "The lease ends in 2056",
        "They found 1,148 leaks",
        "On 7 December at 02:20",
        "lost by 3,115 votes to 4,187",
        "bills were capped at 190 pounds",
        "drew 2,250 visitors",
        "Dr Sunil Rao",
        "It has called 44 times",
        "were away for 311 hours",
        "bears 3.85 per cent",
        "Their fee was 88,500 pounds",
        "rise by 1.9 per cent to 347 pounds",
        "The licence for Carrock ends in 2031",
        "on 26 March 2026 at 18:30 in the Corn Hall, Kelder",
    ),
    "minutes.md": (
        "£86,400, not £68,400",
        "rot in 14 of 52 rafters",
        "£247,500, sixteen weeks, a guarantee of thirty years",
        "chosen by three votes to one",
        "arrives before 31 August",
        "There were 23 complaints since the last meeting",
        "9 June 2026, 14:00",
    ),
    "two-columns.pdf": (
        "has since moved 1,184 ships",
        "batteries of 5.2 megawatt hours",
        "saves 412,000 pounds a year in fuel",
        "a marine biologist called Rhona Vickery",
        "The fall is 38 per cent",
        "in the gale of 9 February",
        "164 members, of whom 61 rowed",
        "58,300 pounds of the 75,000",
    ),
    "scan.pdf": (
        "Repair of seismometer CS-4471",
        "1,380 pounds",
        "9,200 pounds",
        "2.6 ohm instead of 310 ohm",
    ),
    "encrypted.pdf": ("the reserve price of the Fennick site at EUR 3,275,000",),
    "damaged.pdf": (),
}


def facts_with_pages(files: dict[str, bytes]) -> dict[str, list[dict[str, str | int | None]]]:
    """Give each file's facts with the number of the page on which each stands."""
    return {
        name: [{"fact": fact, "page": _page_of(fact, name, files[name])} for fact in facts]
        for name, facts in FACTS.items()
    }


def _page_of(fact: str, name: str, data: bytes) -> int | None:
    pages = _page_texts(name, data)
    found = [number for number, text in enumerate(pages, start=1) if fact in text]
    if len(found) != 1:
        raise ValueError(f"{name}: {fact!r} must stand on one page and not on {found}")
    return found[0] if len(pages) > 1 or name.endswith(".pdf") else None


def _page_texts(name: str, data: bytes) -> list[str]:
    """Give the text of each page with single spaces; of Word and scan, as it was written."""
    written = {
        "annual-report.docx": "annual-report.txt",
        "scan.pdf": "scan.txt",
    }
    if name in written:
        texts = pages_of(written[name])
    elif name == "minutes.md":
        texts = [" ".join(lines_of(name))]
    else:
        with pypdfium2.PdfDocument(data, password=PASSWORD) as file:
            texts = [page.get_textpage().get_text_range() for page in file]
    return [" ".join(text.split()) for text in texts]
