"""The press: YAML records in, printed matter out. Read it from the file names, in this order.

load, settings          what the files say, with the place of everything
validate, link          records that hold, and what they take from each other
layouts, art, fonts     what pages are made from
compose, typeset        HTML, then PDF
pipeline                the stages in order
cli                     parse, call, print
"""

__version__ = "0.1.0"
