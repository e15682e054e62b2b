"""The report of a month: figures with suppression, text, charts; Word, a page to print, sheets."""
