"""Documents as PDF/A-2a: vouchers, cheques, return notices, registers.

A caller fills a shape (`shapes.py`) and gets bytes; `templates/documents/` holds the forms.
"""

from treasury.core.documents.render import render, render_many

__all__ = ["render", "render_many"]
