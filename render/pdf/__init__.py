"""What we do to finished PDFs. The only importer of pikepdf.

``digest`` takes a part's PDF to pieces once, when it is made; what it leaves is a ``leaf``, which binding copies into
a book without looking inside.
"""
