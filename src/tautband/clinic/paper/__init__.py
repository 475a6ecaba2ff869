"""Paper: data in, a tagged PDF out. The words and the look live in Typst templates beside the room that prints.

A template gets its data as plain values and never as markup, so nothing a person typed can change the page. Every PDF
is PDF/UA-1: the compiler refuses a picture without a text alternative. Fonts come with the program, so a page looks the
same on every computer.
"""

from tautband.clinic.paper.engine import PaperError, pdf

__all__ = ["PaperError", "pdf"]
