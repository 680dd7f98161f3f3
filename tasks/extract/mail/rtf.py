"""The text of rich text (RTF) as Outlook keeps it, compressed, beside or instead of other forms."""

from collections.abc import Callable

from tasks.core.errors import DamagedError


def rich_text(compressed: bytes) -> str:
    """Give the text of compressed RTF (MS-OXRTFCP), a blank line between paragraphs.

    Of a web page that was put into RTF (MS-OXRTFEX) it is the words without the tags. Raises
    `DamagedError` for what is none.
    """
    from compressed_rtf import decompress
    from striprtf import striprtf

    plain: Callable[..., str] = striprtf.rtf_to_text  # the library has no types
    try:
        rtf = decompress(compressed)
        text = plain(rtf.decode("latin-1"), encoding="cp1252", errors="replace")
    except MemoryError:
        raise
    except Exception as error:  # the libraries raise plain exceptions, and those of codecs
        raise DamagedError(f"its rich text cannot be read ({error})") from error
    return "\n\n".join(line for line in text.splitlines() if line.strip())
