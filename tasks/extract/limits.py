"""How much a source may cost before it is refused by name."""

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractionLimits:
    """The bounds of reading one source; whoever passes one is refused with `LimitError`.

    `timeout_s` is for all steps together, keeping what a stopped reader had read among them.
    `max_zip_bytes` bounds all entries of a zip together, uncompressed, `max_zip_entry_bytes` each
    one. `max_zip_ratio` (uncompressed : compressed) counts only for entries larger than
    `zip_ratio_floor_bytes`: short repetitive XML packs very well and is harmless. A part of XML
    with `max_xml_elements` is a Word file of 20,000 pages.
    """

    timeout_s: float = 120.0
    max_memory_bytes: int = 2 * GIB
    max_source_bytes: int = 512 * MIB
    max_output_chars: int = 200_000_000
    max_pages: int = 20_000
    max_zip_bytes: int = 1 * GIB
    max_zip_entry_bytes: int = 256 * MIB
    max_zip_ratio: float = 200.0
    zip_ratio_floor_bytes: int = 16 * MIB
    max_zip_entries: int = 20_000
    max_xml_elements: int = 2_500_000
