"""The values of form fields, as a page shows them: what was typed, chosen or ticked.

A field may show itself in several places, which share one value that none of them holds.
"""

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

TICKED, UNTICKED = "☒", "☐"

_PASSWORD = 1 << 13
_TICKS = {pdfium_c.FPDF_FORMFIELD_CHECKBOX, pdfium_c.FPDF_FORMFIELD_RADIOBUTTON}
_CHOICES = {pdfium_c.FPDF_FORMFIELD_COMBOBOX, pdfium_c.FPDF_FORMFIELD_LISTBOX}
_MOST_OPTIONS = 1000


class Widgets:
    """Asks the form of a document for the values of its fields."""

    def __init__(self, document: pdfium.PdfDocument) -> None:
        """Open the form, if the document has one."""
        if document.formenv is None and document.get_formtype() != pdfium_c.FORMTYPE_NONE:
            document.init_forms()
        self._form: Any = document.formenv.raw if document.formenv else None

    def value(self, widget: Any) -> str | None:
        """Give what a widget shows, "" for a button or a secret; None for one of no form."""
        kind = pdfium_c.FPDFAnnot_GetFormFieldType(self._form, widget) if self._form else -1
        if kind < 0:
            return None
        if pdfium_c.FPDFAnnot_GetFormFieldFlags(self._form, widget) & _PASSWORD:
            return ""
        if kind in _TICKS:
            shown = _said(lambda *to: pdfium_c.FPDFAnnot_GetStringValue(widget, b"AS", *to))
            return UNTICKED if shown in {"", "Off"} else TICKED
        if kind in _CHOICES:
            return self._chosen(widget) or self._typed(widget)
        return self._typed(widget) if kind == pdfium_c.FPDF_FORMFIELD_TEXTFIELD else ""

    def is_signature(self, widget: Any) -> bool:
        """Tell whether a widget is that of a signature."""
        kind = pdfium_c.FPDFAnnot_GetFormFieldType(self._form, widget) if self._form else -1
        return bool(kind == pdfium_c.FPDF_FORMFIELD_SIGNATURE)

    def _typed(self, widget: Any) -> str:
        return _said(lambda *to: pdfium_c.FPDFAnnot_GetFormFieldValue(self._form, widget, *to))

    def _chosen(self, widget: Any) -> str:
        """Give the labels of the options that are chosen, which differ from what is sent."""
        count = pdfium_c.FPDFAnnot_GetOptionCount(self._form, widget)
        chosen = (
            index
            for index in range(min(count, _MOST_OPTIONS))
            if pdfium_c.FPDFAnnot_IsOptionSelected(self._form, widget, index)
        )
        return ", ".join(filter(None, (self._label(widget, index) for index in chosen)))

    def _label(self, widget: Any, index: int) -> str:
        return _said(lambda *to: pdfium_c.FPDFAnnot_GetOptionLabel(self._form, widget, index, *to))


def _said(ask: Callable[..., int]) -> str:
    """Ask twice: how long the answer is, and for it."""
    size = ask(None, 0)
    buffer = ctypes.create_string_buffer(size)
    ask(ctypes.cast(buffer, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), size)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
