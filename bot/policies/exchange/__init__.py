"""The policy base as a spreadsheet: written for review by colleagues, and taken back."""
