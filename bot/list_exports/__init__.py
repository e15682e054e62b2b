"""Exports of the console's lists as workbooks: contents, second person, watermark, trace."""
