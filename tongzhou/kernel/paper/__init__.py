"""Official paper: one document value, printed as Word, PDF, HTML or Markdown in the layout of GB/T 9704-2012.

A room builds a `Paper` out of blocks and never thinks of a font or a margin; web pages are Django templates.
A `Run` with a url is a figure that opens its records, in every output.
"""

from .as_docx import docx
from .as_html import html
from .as_markdown import markdown
from .as_pdf import NoFont, pdf
from .blocks import QR, Block, Cell, Heading, Paper, Paragraph, Run, Signatures, Table, dated, numbered, prose

__all__ = [
    "QR",
    "Block",
    "Cell",
    "Heading",
    "NoFont",
    "Paper",
    "Paragraph",
    "Run",
    "Signatures",
    "Table",
    "dated",
    "docx",
    "html",
    "markdown",
    "numbered",
    "pdf",
    "prose",
]
