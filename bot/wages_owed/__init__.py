"""Wages owed: what is told of work and payments as a ledger, the sum, and deductions for damage."""
