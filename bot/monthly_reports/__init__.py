"""Monthly report as page, document and workbook."""
